// Random steps on a vault and on a std::map, side by side. BACKSTOCK_SEED repeats a run, BACKSTOCK_STEPS lengthens it.
#include <stop_token>

#include "compact_lab.h"
#include "vault/state_stream.h"

namespace backstock::vault {
namespace {

using namespace testing;

constexpr int kStepsOfWalk = 5000 / kThinned;

// What a vault is to those who use it.
struct Model {
  struct Version {
    std::string item;
    std::int64_t at = 0;
    bool gone = false;
  };
  using Items = std::map<std::pair<std::string, std::string>, std::vector<Version>>;
  Items flushed;
  Items all;  // with appends that are not flushed
  std::map<std::string, std::string> checkpoints;
  std::map<std::string, std::string> all_checkpoints;
};

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    world_.options.frame_size = 500;
    world_.options.flush_size = 1'000'000;
    world_.options.pack_size = 6000;
    writer_ = world_.open();
  }

  void step() {
    now_ += static_cast<std::int64_t>(below(3));
    const auto choice = below(100);
    if (choice < 40) return append();
    if (choice < 47) return bury_one();
    if (choice < 58) return flush();
    if (choice < 61) return set_checkpoint();
    if (choice < 73) return read_one();
    if (choice < 77) return list();
    if (choice < 80) return read_state();
    if (choice < 83) return reopen(false);
    if (choice < 88) return reopen(true);
    if (choice < 90) return drop_index();
    if (choice < 91) return rebuild();
    if (choice < 94) return fail_flush();
    if (choice < 95) return end_pack();
    if (choice < 97) return compact_some();
    if (choice < 99) return disturb_compaction();
    return verify();
  }

  void finish() {
    end_pack();
    compact_some();
    verify();
    for (const auto& [key, versions] : model_.flushed) check_item(key);
    rebuild();
    for (const auto& [key, versions] : model_.flushed) check_item(key);
  }
  std::uint64_t compactions() const { return compactions_; }

 private:
  std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
  std::pair<std::string, std::string> some_item() {
    static const char* types[] = {"products", "orders", "pages"};
    const std::string type = types[below(3)];
    return {type, below(4) == 0 ? "t" + std::to_string(below(8)) : std::to_string(below(12))};
  }

  void append() {
    const auto key = some_item();
    std::string text(below(10) == 0 ? 3000 : below(40), '\0');
    for (char& c : text) c = static_cast<char>(below(3) == 0 ? below(256) : 'a' + below(26));
    const std::string item = product(text, std::to_string(below(100)) + ".00");
    const auto findings = json_text::check(item);
    const bool textual = findings && findings->valid_utf8 && !findings->control_in_string;
    VersionMeta meta = meta_of(key.first, key.second, now_);
    meta.hash = hash_of(item);
    const auto number = must(writer_->append(meta, {item, textual}, {}));
    model_.all[key].push_back({item, now_, false});
    REQUIRE(number == model_.all[key].size());
  }

  void bury_one() {
    const auto key = some_item();
    auto& versions = model_.all[key];
    const auto current = must(writer_->current(key.first, key.second));
    REQUIRE(current.has_value() == !versions.empty());
    if (versions.empty()) {
      model_.all.erase(key);
      return;
    }
    REQUIRE(current->version == versions.size());
    REQUIRE(current->gone == versions.back().gone);
    if (current->gone) return;
    REQUIRE(current->hash == hash_of(versions.back().item));
    bury(*writer_, key.first, key.second, now_);
    versions.push_back({"", now_, true});
  }

  void acknowledge() {
    model_.flushed = model_.all;
    model_.checkpoints = model_.all_checkpoints;
  }
  void flush() {
    must(writer_->flush());
    acknowledge();
  }

  void set_checkpoint() {
    const std::string run = "r" + std::to_string(below(3));
    const std::string state = std::to_string(now_);
    writer_->set_checkpoint(run, "products", state);
    model_.all_checkpoints[run] = state;
  }

  void read_one() {
    const auto key = some_item();
    check_item(key);
  }

  void check_item(const std::pair<std::string, std::string>& key) {
    const auto reader = world_.reader();
    const auto found = model_.flushed.find(key);
    if (found == model_.flushed.end()) {
      REQUIRE(reader->read_newest(key.first, key.second).error().kind == ErrorKind::not_found);
      return;
    }
    const auto& versions = found->second;
    REQUIRE(must(reader->items().history(key.first, key.second)).size() == versions.size());
    const auto count = static_cast<std::uint32_t>(versions.size());
    for (std::uint32_t number = 1; number <= count; number += 1 + static_cast<std::uint32_t>(below(1 + count / 4))) {
      const StoredVersion back = must(reader->read_version(key.first, key.second, number));
      const Model::Version& expected = versions[number - 1];
      REQUIRE(back.item == expected.item);
      REQUIRE(back.meta.at == expected.at);
      REQUIRE(back.meta.gone == expected.gone);
    }
    const std::int64_t at = now_ - static_cast<std::int64_t>(below(200));
    std::uint32_t then = 0;
    for (std::uint32_t number = 1; number <= versions.size(); ++number) {
      if (versions[number - 1].at <= at) then = number;
    }
    const auto back = reader->read_version_at(key.first, key.second, from_ms(at));
    if (then == 0) {
      REQUIRE(back.error().kind == ErrorKind::not_found);
    } else {
      REQUIRE(must(back).meta.version == then);
    }
  }

  void list() {
    const std::string type = some_item().first;
    std::vector<std::string> present;
    for (const auto& [key, versions] : model_.flushed) {
      if (key.first == type && !versions.back().gone) present.push_back(key.second);
    }
    std::sort(present.begin(), present.end(), [](const std::string& a, const std::string& b) {
      const auto x = index::number_of(a);
      const auto y = index::number_of(b);
      if (x && y) return *x < *y;
      return x.has_value() != y.has_value() ? x.has_value() : a < b;
    });
    const auto reader = world_.reader();
    REQUIRE(must(reader->items().present_ids(type, "", 1000)) == present);
    std::vector<std::string> paged;
    const auto limit = static_cast<std::uint32_t>(1 + below(7));
    for (;;) {
      const auto page =
          must(reader->items().list({type, "", index::Deleted::hide, {}, paged.empty() ? "" : paged.back(), limit}));
      if (page.empty()) break;
      for (const auto& row : page) paged.push_back(row.id);
    }
    REQUIRE(paged == present);
    check_counts(*reader);
    for (const auto& [run, state] : model_.checkpoints) {
      REQUIRE(must(index::find_checkpoint(reader->connection(), run, "products")) == state);
    }
  }

  // What the writer counted is what counting everything gives, after crashes and rebuilds too.
  void check_counts(vault::VaultReader& reader) {
    std::map<std::string, index::TypeCount> expected;
    for (const auto& [key, versions] : model_.flushed) {
      index::TypeCount& count = expected[key.first];
      if (count.versions == 0) count.first_at = versions.front().at;
      ++(versions.back().gone ? count.gone : count.present);
      count.versions += versions.size();
      for (const Model::Version& version : versions) {
        count.first_at = std::min(count.first_at, version.at);
        count.last_at = std::max(count.last_at, version.at);
      }
    }
    const auto counts = must(reader.items().counts());
    REQUIRE(counts.size() == expected.size());
    for (const index::TypeCount& count : counts) {
      const index::TypeCount& full = expected.at(count.type);
      INFO(count.type);
      REQUIRE(count.present == full.present);
      REQUIRE(count.gone == full.gone);
      REQUIRE(count.versions == full.versions);
      REQUIRE(count.first_at == full.first_at);
      REQUIRE(count.last_at == full.last_at);
      REQUIRE(must(reader.items().count_present(count.type)) == full.present);
    }
  }

  // A type as it was: of each item the newest version then, unless it was gone.
  void read_state() {
    const std::string type = some_item().first;
    const std::int64_t at = now_ - static_cast<std::int64_t>(below(3) == 0 ? 0 : below(2000));
    std::map<std::string, std::pair<std::uint32_t, std::string>> expected;
    for (const auto& [key, versions] : model_.flushed) {
      std::uint32_t then = 0;
      for (std::uint32_t number = 1; number <= versions.size(); ++number) {
        if (versions[number - 1].at <= at) then = number;
      }
      if (key.first == type && then != 0 && !versions[then - 1].gone)
        expected[key.second] = {then, versions[then - 1].item};
    }
    std::map<std::string, std::pair<std::uint32_t, std::string>> seen;
    const auto take = [&](const StateItem& item) {
      seen[std::string(item.id)] = {item.version, must(parse_version_line(item.line)).item};
      return true;
    };
    const auto lose = [](std::string_view, std::uint32_t, const Error& why) { FAIL(why.sentence()); };
    must(stream_state(world_.options, type, from_ms(at), take, lose));
    REQUIRE(seen == expected);
  }

  void end_pack() {
    must(writer_->end_pack());
    acknowledge();
  }

  // Sometimes with what is in memory still to be flushed, beside a writer whose pack is open.
  void compact_some() {
    if (below(4) != 0) end_pack();
    const Compacted done = must(compact(world_.options, small_compaction()));
    for (const std::string& finding : done.findings) FAIL(finding);
    compactions_ += done.types.size();
  }

  // Stopped, or with a call that fails, or in a power cut; then the writer goes on, or another one opens.
  void disturb_compaction() {
    if (below(4) != 0) end_pack();
    std::stop_source stop;
    const auto after = below(60);
    std::uint64_t calls = 0;
    const auto way = below(3);
    static const Call faults[] = {Call::create, Call::append, Call::sync,
                                  Call::rename, Call::remove, Call::sync_folder};
    if (way == 0) world_.fs.fail(faults[below(6)], 1 + below(8), below(2) == 0 ? ENOSPC : EIO);
    if (way == 1) world_.memory.cut_after(below(120));
    const auto done = compact(
        world_.options, small_compaction(),
        [&](const CompactProgress&) {
          if (way == 2 && calls++ == after) stop.request_stop();
        },
        stop.get_token());
    world_.fs.heal();
    if (done) {
      for (const std::string& finding : done->findings) FAIL(finding);
      compactions_ += done->types.size();
    }
    if (way == 1 || below(3) == 0) reopen(true);
  }

  // The vault without a writer, whatever was not flushed is forgotten, and frames that were written may have stayed.
  void close(bool crash) {
    writer_.reset();
    if (crash && below(2) == 0)
      world_.memory.crash();
    else if (crash)
      world_.memory.crash(random_.next());
  }
  void reopen(bool crash) {
    close(crash);
    open_again();
  }
  void open_again() {
    writer_ = world_.open();
    for (const std::string& finding : writer_->opened().findings) {
      INFO(finding);
      REQUIRE(finding.find("it was made again from the packs") != std::string::npos);
    }
    adopt();
  }

  // Frames of a flush that never came may be there; each must be what was appended, and none may be missing before it.
  void adopt() {
    const auto reader = world_.reader();
    for (const auto& [key, versions] : model_.all) {
      const auto before = model_.flushed.find(key);
      const std::size_t flushed = before == model_.flushed.end() ? 0 : before->second.size();
      const auto row = must(reader->items().find_item(key.first, key.second));
      const std::size_t there = row ? row->version : 0;
      INFO(key.first << " " << key.second);
      REQUIRE(there >= flushed);
      REQUIRE(there <= versions.size());
      for (std::size_t number = flushed + 1; number <= there; ++number) {
        REQUIRE(must(reader->read_version(key.first, key.second, static_cast<std::uint32_t>(number))).item ==
                versions[number - 1].item);
        model_.flushed[key].push_back(versions[number - 1]);
      }
    }
    model_.all = model_.flushed;
    model_.all_checkpoints = model_.checkpoints;
  }

  void drop_index() {
    close(true);
    world_.drop_index();
    model_.checkpoints.clear();  // not in packs
    open_again();
    REQUIRE(writer_->opened().rebuilt_index == !must(world_.memory.list(world_.options.packs())).empty());
  }

  void rebuild() {
    reopen(false);
    const std::string before = world_.dump();
    writer_.reset();
    const Rebuilt rebuilt = must(rebuild_index_locked(world_.options, {}));
    REQUIRE(rebuilt.findings.empty());
    REQUIRE(world_.dump() == before);
    model_.checkpoints.clear();
    open_again();
  }

  void fail_flush() {
    static const Call calls[] = {Call::append, Call::sync, Call::create, Call::sync_folder};
    const Call call = calls[below(4)];
    if (call == Call::append && below(2) == 0) {
      world_.fs.short_write(1 + below(3), below(300));
    } else {
      world_.fs.fail(call, 1 + below(3), below(2) == 0 ? ENOSPC : EIO);
    }
    const auto flushed = writer_->flush();
    world_.fs.heal();
    if (flushed) {
      acknowledge();
    } else {
      const auto checkpoints = model_.checkpoints;
      reopen(below(2) == 0);
      // A flush may fail after its rows are committed, when it cannot begin another pack: then these stand as well.
      const auto reader = world_.reader();
      for (const char* run : {"r0", "r1", "r2"}) {
        const auto state = must(index::find_checkpoint(reader->connection(), run, "products"));
        if (state) model_.checkpoints[run] = *state;
      }
      model_.all_checkpoints = model_.checkpoints;
    }
  }

  void verify() {
    const Verified verified = world_.verify();
    INFO(all_of(verified));
    REQUIRE(verified.findings.empty());
  }

  VaultWorld world_;
  SeededRandom random_;
  std::unique_ptr<VaultWriter> writer_;
  Model model_;
  std::int64_t now_ = 1000;
  std::uint64_t compactions_ = 0;  // of types
};

TEST_CASE("a vault does what a map of lists does, through crashes and lost indexes") {
  const std::uint64_t seed = seed_from_environment(SystemRandom().next());
  const char* steps = std::getenv("BACKSTOCK_STEPS");
  const int count = steps != nullptr ? std::atoi(steps) : 10'000 / kThinned;
  std::uint64_t compactions = 0;
  // Several walks: the longer one is, the more each of its rebuilds has to read.
  for (int done = 0; done < count; done += kStepsOfWalk) {
    Walk walk(seed + static_cast<std::uint64_t>(done));
    for (int i = 0; i < std::min(kStepsOfWalk, count - done); ++i) {
      INFO("step " << i << " of the walk from " << done << " of seed " << seed);
      walk.step();
    }
    INFO("the end of the walk from " << done << " of seed " << seed);
    walk.finish();
    compactions += walk.compactions();
  }
  if (kThinned == 1) CHECK(compactions >= static_cast<std::uint64_t>(count / kStepsOfWalk));
}

}  // namespace
}  // namespace backstock::vault
