// git as a vault: one file per item, a commit per day. What it promises is git's best case: no process beside it, loose objects not synced, plumbing
// instead of `git add` (which compares every file), nothing collected in between.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The corpus as make_corpus wrote it: [{type, id, offset, size}] of each day, size 0 for gone. */
export function readDays(folder) {
  const days = [];
  for (;;) {
    const file = path.join(folder, `day-${String(days.length).padStart(2, '0')}.tsv`);
    if (!fs.existsSync(file)) return days;
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').filter(Boolean);
    days.push(lines.map((line) => {
      const [type, id, offset, size] = line.split('\t');
      return { type, id, offset: offset === 'gone' ? 0 : Number(offset), size: Number(size ?? 0) };
    }));
  }
}

export const pathOf = (type, id) => `${type}/${(Number(id) % 256).toString(16).padStart(2, '0')}/${id}.json`;

export class GitPeer {
  constructor(folder) {
    this.folder = folder;
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    this.git(['init', '-q']);
    for (const [key, value] of [['gc.auto', '0'], ['user.name', 'bench'], ['user.email', 'bench@example.com']]) this.git(['config', key, value]);
    this.commits = [];
  }

  git(args, options = {}) {
    const ran = spawnSync('git', ['-C', this.folder, ...args], { maxBuffer: 2 ** 30, ...options });
    if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** One day into files and into git: seconds of both, and of git alone. */
  commit(entries, history) {
    const began = process.hrtime.bigint();
    for (const { type, id, offset, size } of entries) {
      const file = path.join(this.folder, pathOf(type, id));
      if (size === 0) {
        fs.rmSync(file);
        continue;
      }
      try {
        fs.writeFileSync(file, history.subarray(offset, offset + size));
      } catch {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, history.subarray(offset, offset + size));
      }
    }
    const written = process.hrtime.bigint();
    this.git(['update-index', '--add', '--remove', '-z', '--stdin'], { input: entries.map((e) => `${pathOf(e.type, e.id)}\0`).join('') });
    this.git(['commit', '-q', '-m', `day ${this.commits.length}`]);
    const ended = process.hrtime.bigint();
    this.commits.push(this.git(['rev-parse', 'HEAD']).toString().trim());
    return { all: Number(ended - began) / 1e9, alone: Number(ended - written) / 1e9 };
  }

  /** Seconds. */
  repack() {
    const began = process.hrtime.bigint();
    this.git(['repack', '-adfq', '--depth=50', '--window=250']);
    return Number(process.hrtime.bigint() - began) / 1e9;
  }

  /** Bytes of the objects alone: not of the files in the work tree, nor of git's list of them. */
  size() {
    const sum = (folder) => fs.readdirSync(folder, { withFileTypes: true })
      .reduce((all, entry) => all + (entry.isDirectory() ? sum(path.join(folder, entry.name)) : fs.statSync(path.join(folder, entry.name)).size), 0);
    return sum(path.join(this.folder, '.git', 'objects'));
  }

  /** Seconds that `git archive` takes to stream a day to a pipe. */
  archive(day) {
    const began = process.hrtime.bigint();
    const ran = spawnSync('sh', ['-c', 'git -C "$0" archive --format=tar "$1" | cat >/dev/null', this.folder, this.commits[day]]);
    if (ran.status !== 0) throw new Error(`git archive: ${ran.stderr}`);
    return Number(process.hrtime.bigint() - began) / 1e9;
  }

  /** The requests of `bench_vault reads` in git's words, as two files: commit and path; the object itself. */
  requests(file) {
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
    const names = lines.map(([type, id, day]) => `${this.commits[day]}:${pathOf(type, id)}`);
    const objects = this.git(['cat-file', '--batch-check=%(objectname)'], { input: `${names.join('\n')}\n` }).toString().trimEnd().split('\n');
    const write = (suffix, keys) => {
      fs.writeFileSync(file + suffix, lines.map((line, i) => `${keys[i]}\t${line[3]}\t${line[4]}\n`).join(''));
      return file + suffix;
    };
    return { byName: write('.names', names), byObject: write('.objects', objects) };
  }
}
