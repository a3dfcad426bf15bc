#!/usr/bin/env python3
"""Lists or prints every version in a vault's packs, with Python's own library and stock zstd.

Written from daemon/pack/FORMAT.md alone: it stands for whoever must read the data when Backstock is gone.
usage: read_vault.py list|print PACKS_FOLDER     list: type, id, version, captured at, size;  print: the whole lines
"""
import hashlib, json, os, re, struct, subprocess, sys, tempfile

PACK, FRAME, SEAL, DICTIONARY = 0x184D2A5B, 0x184D2A5C, 0x184D2A5D, 0x184D2A5E


def checksum(data):
    return hashlib.sha256(data).digest()[:16]


def record_at(data, at):
    """The record's magic and bytes, when its checksum holds."""
    magic, size = struct.unpack_from('<II', data, at)
    record = data[at:at + 8 + size]
    if magic not in (PACK, FRAME, SEAL, DICTIONARY) or checksum(record[:-16]) != record[-16:]:
        raise ValueError(f'no whole record at byte {at}')
    return magic, record


def dictionary(folder, number):
    for name in (f'{number}.dict.zst', f'{number}.copy.dict.zst'):
        data = open(os.path.join(folder, name), 'rb').read()
        if record_at(data, 0)[0] == DICTIONARY and checksum(data[56:]) == data[24:40]:
            return subprocess.run(['zstd', '-dc'], input=data, stdout=subprocess.PIPE, check=True).stdout
    raise ValueError(f'dictionary {number} and its copy are damaged')


def lines_of(folder, name):
    data = open(os.path.join(folder, name), 'rb').read()
    magic, head = record_at(data, 0)
    assert magic == PACK and head[8:16] == b'BACKSTOK' and struct.unpack_from('<H', head, 16)[0] == 1, name
    at, needs = len(head), 0
    while at < len(data):
        magic, record = record_at(data, at)
        if magic == SEAL:
            break
        stored, needs = struct.unpack_from('<II', record, 20)
        assert record[40:48] == head[32:40] and struct.unpack_from('<Q', record, 32)[0] == at, f'{name} at {at}'
        at += len(record) + stored
        assert checksum(data[at - stored:at]) == record[48:64], f'{name}: the frame before byte {at} is damaged'
    with tempfile.NamedTemporaryFile() as kept:
        if needs:
            kept.write(dictionary(folder, needs))
            kept.flush()
        command = ['zstd', '-dc', *(['-D', kept.name] if needs else [])]
        return subprocess.run(command, input=data[:at], stdout=subprocess.PIPE, check=True).stdout.split(b'\n')[:-1]


command, folder = sys.argv[1:]
seen = set()  # a version may stand in two packs: the same line
for name in sorted(n for n in os.listdir(folder) if re.fullmatch(r'\d{8,}\.pack\.zst', n)):
    for line in lines_of(folder, name) if os.path.getsize(os.path.join(folder, name)) else []:
        version = json.loads(line)
        key = (version.get('type'), version.get('id'), version.get('version'))
        if 'control' not in version and key not in seen:
            seen.add(key)
            row = '\t'.join(map(str, (*key, version['at'], 'gone' if version.get('gone') else len(line)))).encode()
            sys.stdout.buffer.write((row if command == 'list' else line) + b'\n')
