#include "golden_files.h"

#include "support/vault_world.h"
#include "vault/blobs.h"
#include "vault/new_pack.h"

namespace backstock::testing {
namespace {

using namespace vault;

const std::string kFolder = BACKSTOCK_GOLDEN_DIR "/vault_v1";
const std::string kSeeds = BACKSTOCK_SOURCE_DIR "/tests/fuzz/seeds/vault";
constexpr const char* kVersions = "versions.ndjson";
constexpr int kProducts = 20;

std::string chair(int i, int price) {
  static const char* colours[] = {"oak", "walnut", "birch", "ash", "pine"};
  static const char* rooms[] = {"kitchen", "garden", "study", "hall"};
  return "{\"id\":" + std::to_string(i) + ",\"name\":\"Chair " + colours[i % 5] + " " + std::to_string(i * 7) +
         "\",\"price\":" + std::to_string(price + i) + ".9900,\"description\":\"A chair for the " + rooms[i % 4] +
         ", made of " + colours[(i * 3) % 5] + ".\"}";
}

void put_run(VaultWriter& writer, const std::string& run, std::int64_t at) {
  must(writer.append_control(
      Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", at}}));
  must(writer.append_control(Json{{"control", "type_end"},
                                  {"run", run},
                                  {"type", "products"},
                                  {"at", at},
                                  {"started", at},
                                  {"outcome", "done"},
                                  {"complete", true},
                                  {"full", true}}));
  must(writer.append_control(Json{{"control", "run_end"}, {"run", run}, {"at", at}, {"outcome", "done"}}));
  must(writer.flush());
}

// Packs 1 and 2.
void fill(VaultWorld& world) {
  const auto writer = world.open();
  for (int i = 1; i <= kProducts; ++i) put(*writer, "products", std::to_string(i), chair(i, 10), 1'000 + i);
  for (int i = 1; i <= kProducts; i += 6) put(*writer, "products", std::to_string(i), chair(i, 20), 2'000 + i);
  must(writer->flush());
  put_run(*writer, "01GOLDEN1", 3'000);
  must(writer->end_pack());

  const std::string item = "{\"name\":\"Caf\xC3\xA9 Noir\",\r\n \"rank\":1e2,\"rank\":2}";
  const NamedText parts[] = {{"metafields", {"[ ]"}}, {"images", {"[{\"id\":7, \"file\":\"a\\u00e4.png\"}]"}}};
  VersionMeta meta = meta_of("brands", "7", 4'000);
  must(writer->append(meta, {item}, parts));
  put(*writer, "brands", "8", "{\"name\":\"gone soon\"}", 4'001);
  bury(*writer, "brands", "8", 4'002);
  must(writer->flush());
  const std::string bytes = "[\"\xFF\xFE not UTF-8\"]";
  meta = meta_of("pages", "a page/of text", 4'003);
  const NamedText raw[] = {{"widgets", {bytes, false}}, {"layout", {"{}"}}};
  must(writer->append(meta, {bytes, false}, raw));
  must(writer->flush());
  put_run(*writer, "01GOLDEN2", 5'000);
  must(writer->end_pack());
}

std::string lines_of(VaultWorld& world, const std::string& type) {
  std::string lines;
  const auto reader = world.reader();
  for (const index::ItemRow& item :
       must(reader->items().list({type, "", index::Deleted::include, {}, "", index::kNoLimit}))) {
    for (const index::VersionRow& row : must(reader->items().history(type, item.id)))
      lines += must(reader->read_version(type, item.id, row.version)).line + "\n";
  }
  return lines;
}

// As compaction does it, whose own thresholds are far above a vault of some KiB.
void write_compacted(VaultWorld& world, std::uint64_t number, pack::PackHeader header, pack::FrameHeader frame,
                     const std::vector<std::string>& frames, std::shared_ptr<const pack::Dictionary> dictionary) {
  header.number = number;
  header.compacted = true;
  const auto writer =
      must(pack::PackWriter::create_beside(world.fs, world.options.packs(), header, {12, std::move(dictionary)}));
  for (const std::string& lines : frames) {
    frame.lines = static_cast<std::uint32_t>(std::count(lines.begin(), lines.end(), '\n'));
    must(writer->append(frame, lines));
  }
  must(writer->seal());
}

std::vector<std::string> cut_lines(const std::string& lines, std::size_t parts) {
  std::vector<std::string> cut(1);
  for_each_line(lines, [&](std::string_view line, std::size_t at) {
    if (at >= cut.size() * lines.size() / parts) cut.emplace_back();
    cut.back().append(line).append("\n");
  });
  return cut;
}

// Packs 3, 4 and 5 in the place of pack 1.
void compact_by_hand(VaultWorld& world) {
  const std::string lines = lines_of(world, "products");
  std::vector<std::size_t> sizes;
  for_each_line(lines, [&](std::string_view line, std::size_t) { sizes.push_back(line.size() + 1); });
  const std::uint32_t number = pack::kFirstDictionary + 3;
  const auto trained = must(pack::train_dictionary(lines, sizes, 1100, number));
  REQUIRE(trained.has_value());
  pack::Dictionaries dictionaries(world.fs, world.options.packs());
  must(dictionaries.keep(*trained, number));
  const auto dictionary = must(dictionaries.get(number));

  pack::FrameHeader frame;
  frame.content_type = "products";
  const auto cut = cut_lines(lines, 3);
  REQUIRE(cut.size() == 3);
  write_compacted(world, 3, new_header(world.options), frame, {cut[0], cut[1]}, dictionary);
  write_compacted(world, 4, new_header(world.options), frame, {cut[2]}, dictionary);

  const auto reader = must(pack::PackReader::open(world.fs, world.options.packs(), 1));
  pack::PackWalk walk(*reader, reader->header_size());
  std::string records;
  while (const auto step = must(walk.next())) {
    if (step->frame->header.kind == pack::FrameKind::control) records += step->frame->raw;
  }
  pack::PackHeader header = new_header(world.options);
  header.replaces = {1};
  frame = {};
  frame.kind = pack::FrameKind::control;
  write_compacted(world, 5, header, frame, {records}, nullptr);
  must(world.memory.remove(world.pack(1)));
}

// Pack 6.
void go_on(VaultWorld& world) {
  const auto writer = world.open();
  REQUIRE(writer->opened().findings.empty());
  put(*writer, "products", "3", chair(3, 30), 6'000);
  put(*writer, "products", "21", chair(21, 30), 6'001);
  must(writer->flush());
  bury(*writer, "products", "4", 6'002);
  put(*writer, "brands", "8", "{\"name\":\"back again\"}", 6'003);
  must(writer->flush());
  put_run(*writer, "01GOLDEN3", 7'000);
}

std::map<std::string, std::string> files_below(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    REQUIRE(file.good());
    files[std::filesystem::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

void write_files(const std::string& folder, const std::map<std::string, std::string>& files) {
  for (const auto& [name, bytes] : files) {
    const auto path = std::filesystem::path(folder) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
}

// As fuzz_vault takes them: which file, its size, its bytes.
std::string as_input(const std::string& name, const std::string& bytes) {
  const auto number = pack::parse_pack_name(name.substr(name.rfind('/') + 1));
  const bool copy = name.find(".copy.") != std::string::npos;
  const std::uint64_t which = number ? *number : name.starts_with("blobs/") ? 10 : copy ? 9 : 8;
  std::string input;
  for (const std::uint64_t byte : {which, bytes.size() >> 8, bytes.size() & 0xFFU}) input += static_cast<char>(byte);
  return input + bytes;
}

}  // namespace

GoldenFiles make_golden() {
  VaultWorld world;
  world.options.store_hash = kGoldenStore;
  world.options.frame_size = 100'000;
  fill(world);
  compact_by_hand(world);
  world.drop_index();
  must(rebuild_index_locked(world.options, {}));
  go_on(world);
  const Sha256Digest blob = must(put_blob(world.options, kGoldenBlob));
  GoldenFiles made;
  for (const sys::Entry& entry : must(world.fs.list(world.options.packs())))
    made.files["packs/" + entry.name] = world.memory.bytes_of(sys::join(world.options.packs(), entry.name));
  const std::string name = to_hex(view(blob));
  made.files["blobs/" + name.substr(0, 2) + "/" + name] = kGoldenBlob;
  for (const index::TypeCount& type : must(world.reader()->items().counts()))
    made.versions += lines_of(world, type.type);
  return made;
}

GoldenFiles read_golden() {
  GoldenFiles golden{files_below(kFolder), {}};
  golden.versions = std::move(golden.files.extract(kVersions).mapped());
  return golden;
}

void write_golden(const GoldenFiles& golden) {
  std::map<std::string, std::string> files = golden.files;
  files[kVersions] = golden.versions;
  std::filesystem::remove_all(kFolder);
  write_files(kFolder, files);
}

std::map<std::string, std::string> fuzz_seeds(const GoldenFiles& golden) {
  const std::string as_they_are(1, '\0'), made_to_hold(1, '\1'), edits(1, '\2'), edits_made_to_hold(1, '\3');
  std::map<std::string, std::string> seeds;
  std::string all;
  std::string torn;
  for (const auto& [name, bytes] : golden.files) {
    all += as_input(name, bytes);
    torn += as_input(name, bytes.substr(0, bytes.size() * 9 / 10));
    seeds["only_" + name.substr(name.rfind('/') + 1, 14)] = as_they_are + as_input(name, bytes);
  }
  seeds["whole"] = as_they_are + all;
  seeds["torn"] = as_they_are + torn;
  seeds["torn_made_to_hold"] = made_to_hold + torn;
  const std::string one_header = {6, 0, 64, 9, 3, 0, 20, 1};    // a predecessor's end; the version of the format
  const std::string two_frames = {2, 0, 126, 2, 2, 0, 127, 9};  // a frame's kind; its number of lines
  seeds["edits"] = edits + one_header + two_frames;
  seeds["edits_of_headers"] = edits_made_to_hold + one_header;
  seeds["edits_of_frames"] = edits_made_to_hold + two_frames;
  return seeds;
}

std::map<std::string, std::string> read_fuzz_seeds() { return files_below(kSeeds); }
void write_fuzz_seeds(const std::map<std::string, std::string>& seeds) { write_files(kSeeds, seeds); }

}  // namespace backstock::testing
