#include "golden_vault.h"

#include "golden_files.h"

namespace backstock::testing {

GoldenVault::GoldenVault() {
  GoldenFiles golden = read_golden();
  files = std::move(golden.files);
  options.store_hash = kGoldenStore;
  for (const auto& [name, bytes] : files) {
    must(memory.make_folder(sys::folder_of(sys::join(options.folder, name))));
    set(name, bytes);
  }
  for_each_line(golden.versions, [&](std::string_view line, std::size_t) {
    StoredVersion version = must(parse_version_line(line));
    truth[{version.meta.type, version.meta.id, version.meta.version}] = std::move(version.line);
  });
  const Rebuilt rebuilt = must(rebuild_index_locked(options, {}));
  REQUIRE(rebuilt.findings.empty());
  golden_index = index_bytes();
  golden_dump = dump();
  for (const std::uint64_t number : packs()) {
    const auto opened = must(pack::PackReader::open(fs, options.packs(), number));
    pack::PackWalk walk(*opened, opened->header_size());
    while (const auto step = must(walk.next()))
      frames.push_back({pack_file(number), step->frame->place.offset, step->frame->place.end(), {}});
  }
  const auto opened = reader();
  for (const auto& [key, line] : truth) {
    const auto row = must(opened->items().find_version(key.type, key.id, key.version));
    REQUIRE(row.has_value());
    rows.emplace(key, *row);
    for (GoldenFrame& frame : frames) {
      if (frame.file == pack_file(row->frame.pack) && frame.from == row->frame.offset) frame.versions.insert(key);
    }
  }
}

std::vector<std::uint64_t> GoldenVault::packs() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [name, bytes] : files) {
    if (const auto number = pack::parse_pack_name(name.substr(name.rfind('/') + 1))) numbers.push_back(*number);
  }
  return numbers;
}

Keys GoldenVault::versions_in(const std::string& file, std::uint64_t from, std::uint64_t to) const {
  Keys keys;
  for (const GoldenFrame& frame : frames) {
    if (frame.file == file && frame.touches(from, to)) keys.insert(frame.versions.begin(), frame.versions.end());
  }
  return keys;
}

Keys GoldenVault::check_reads(const std::string& after, const Keys& lost, bool forgotten) {
  const auto opened = reader();
  Keys unreadable;
  for (const auto& [key, line] : truth) {
    const auto back = opened->read_version(key.type, key.id, key.version);
    if (back) {
      if (back->line != line) FAIL(after << ": " << key.name() << " reads as other bytes");
      continue;
    }
    if (lost.count(key) == 0) FAIL(after << ": " << key.name() << " is lost: " << back.error().sentence());
    if (back.error().kind != ErrorKind::corrupt && !(forgotten && back.error().kind == ErrorKind::not_found))
      FAIL(after << ": " << key.name() << " is not called damaged: " << back.error().sentence());
    unreadable.insert(key);
  }
  return unreadable;
}

Rebuilt GoldenVault::check_rebuild(const std::string& after, const Keys& lost) {
  Rebuilt rebuilt = must(rebuild_index_locked(options, {}));
  const Keys unreadable = check_reads(after + ", after a rebuild", lost, true);
  std::uint64_t known = 0;
  for (const index::TypeCount& count : must(reader()->items().counts())) known += count.versions;
  if (known != truth.size() - unreadable.size())
    FAIL(after << ", after a rebuild: the index knows " << known << " versions, readable are "
               << truth.size() - unreadable.size());
  return rebuilt;
}

std::set<std::string> subjects(const Verified& verified) {
  std::set<std::string> all;
  for (const Finding& finding : verified.findings) all.insert(finding.subject);
  return all;
}

std::string subject_of(const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  if (pack::parse_pack_name(name)) return "pack " + name;
  return (pack::parse_dictionary_name(name) ? "dictionary " : "blob ") + name;
}

bool tells_of(const std::vector<std::string>& sentences, const std::string& subject) {
  return std::any_of(sentences.begin(), sentences.end(),
                     [&](const std::string& text) { return text.find(subject) != std::string::npos; });
}

bool tells_of(const Verified& verified, const std::string& subject) {
  return subjects(verified).count(subject) != 0 || tells_of(verified.notes, subject);
}

Keys lost_in(const GoldenVault& vault, const Verified& verified) {
  std::set<std::string> names;
  for (const Finding& finding : verified.findings) names.insert(finding.lost.begin(), finding.lost.end());
  Keys keys;
  for (const auto& [key, line] : vault.truth) {
    if (names.erase(key.name()) != 0) keys.insert(key);
  }
  for (const std::string& name : names) FAIL("verify names " << name << ", which there never was");
  return keys;
}

}  // namespace backstock::testing
