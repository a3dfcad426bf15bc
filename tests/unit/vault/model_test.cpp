// Random steps on a vault and on a std::map, side by side: append, read, compact, prune, pin, put back, crash, reopen,
// rebuild. BACKSTOCK_SEED repeats a run, BACKSTOCK_STEPS lengthens it.
#include <stop_token>

#include "prune_lab.h"
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
    std::optional<std::int64_t> removed_at = std::nullopt;  // by retention
  };
  using Items = std::map<std::pair<std::string, std::string>, std::vector<Version>>;
  Items flushed;
  Items all;  // with appends that are not flushed
  std::set<Place> pins;
  std::map<std::string, std::string> checkpoints;
  std::map<std::string, std::string> all_checkpoints;
};

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    world_.options.frame_size = 500;
    world_.options.flush_size = 1'000'000;
    world_.options.pack_size = 6000;
    world_.clock.set_now(from_ms(now_));
    writer_ = world_.open();
  }

  void step() {
    now_ += static_cast<std::int64_t>(below(3));
    world_.clock.set_now(from_ms(now_));
    const auto choice = below(100);
    // First much is left for compaction to do; what is pruned is compact already.
    const int fifth = 5 * steps_++ / kStepsOfWalk;
    const bool may_prune = fifth == 2 || fifth == 3;
    if (choice < 40) return append();
    if (choice < 47) return bury_one();
    if (choice < 58) return flush();
    if (choice < 61) return set_checkpoint();
    if (choice < 70) return read_one();
    if (choice < 74) return list();
    if (choice < 77) return read_state();
    if (choice < 79) return reopen(false);
    if (choice < 83) return reopen(true);
    if (choice < 85) return drop_index();
    if (choice < 86) return rebuild();
    if (choice < 89) return fail_flush();
    if (choice < 90) return end_pack();
    if (choice < 92) return compact_some();
    if (choice < 94) return disturb_compaction();
    if (choice < 96) return change_one_pin();
    if (choice < 97 && may_prune) return prune_some();
    if (choice < 98 && may_prune) return disturb_prune();
    if (choice < 99) return undo();
    return verify();
  }

  void finish() {
    end_pack();
    compact_some();
    prune_some();
    verify();
    for (const auto& [key, versions] : model_.flushed) check_item(key);
    rebuild();
    for (const auto& [key, versions] : model_.flushed) check_item(key);
  }
  std::uint64_t compactions() const { return compactions_; }
  std::uint64_t removals() const { return removals_; }
  std::uint64_t returns() const { return returns_; }

 private:
  static constexpr std::chrono::milliseconds kGrace{400};

  std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
  std::pair<std::string, std::string> some_item() {
    static const char* types[] = {"products", "orders", "pages"};
    const std::string type = types[below(3)];
    return {type, below(4) == 0 ? "t" + std::to_string(below(8)) : std::to_string(below(12))};
  }

  // One run that changed many items would look wrong, and hold up every removal.
  VersionMeta next_meta(const std::pair<std::string, std::string>& key) {
    VersionMeta meta = meta_of(key.first, key.second, now_);
    meta.run = "01RUN" + std::to_string(appended_++ / 15);
    return meta;
  }

  void append() {
    const auto key = some_item();
    std::string text(below(10) == 0 ? 3000 : below(40), '\0');
    for (char& c : text) c = static_cast<char>(below(3) == 0 ? below(256) : 'a' + below(26));
    const std::string item = product(text, std::to_string(below(100)) + ".00");
    const auto findings = json_text::check(item);
    const bool textual = findings && findings->valid_utf8 && !findings->control_in_string;
    VersionMeta meta = next_meta(key);
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
    VersionMeta meta = next_meta(key);
    meta.gone = true;
    must(writer_->append(meta, {}, {}));
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

  static bool is_there(const Model::Version& version) { return !version.removed_at; }
  // 0: none.
  static std::uint32_t newest_by(const std::vector<Model::Version>& versions, std::int64_t at) {
    std::uint32_t then = 0;
    for (std::uint32_t number = 1; number <= versions.size(); ++number) {
      if (is_there(versions[number - 1]) && versions[number - 1].at <= at) then = number;
    }
    return then;
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
    const auto there = std::count_if(versions.begin(), versions.end(), is_there);
    REQUIRE(must(reader->items().history(key.first, key.second)).size() == static_cast<std::size_t>(there));
    const auto count = static_cast<std::uint32_t>(versions.size());
    for (std::uint32_t number = 1; number <= count; number += 1 + static_cast<std::uint32_t>(below(1 + count / 4))) {
      const Model::Version& expected = versions[number - 1];
      if (!is_there(expected)) {
        REQUIRE(reader->read_version(key.first, key.second, number).error().kind == ErrorKind::not_found);
        continue;
      }
      const StoredVersion back = must(reader->read_version(key.first, key.second, number));
      REQUIRE(back.item == expected.item);
      REQUIRE(back.meta.at == expected.at);
      REQUIRE(back.meta.gone == expected.gone);
    }
    const std::int64_t at = now_ - static_cast<std::int64_t>(below(200));
    const std::uint32_t then = newest_by(versions, at);
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
      if (count.versions == 0) count.first_at = versions.back().at;
      ++(versions.back().gone ? count.gone : count.present);
      for (const Model::Version& version : versions) {
        if (!is_there(version)) continue;
        ++count.versions;
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
      const std::uint32_t then = newest_by(versions, at);
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

  // Of any version that is there, or was.
  void change_one_pin() {
    const auto key = some_item();
    const auto found = model_.flushed.find(key);
    if (found == model_.flushed.end()) return;
    const auto number = static_cast<std::uint32_t>(1 + below(found->second.size()));
    const Place place{key.first, key.second, number};
    const bool pin = below(3) != 0;
    const auto done = change_pin(world_.options, {pin, key.first, key.second, number, "the model"});
    REQUIRE(done.has_value() == (pin ? is_there(found->second[number - 1]) : model_.pins.count(place) != 0));
    if (done) pin ? (void)model_.pins.insert(place) : (void)model_.pins.erase(place);
  }

  RetentionPolicy some_policy() {
    RetentionPolicy policy;
    policy.fallback.keep_all = std::chrono::milliseconds(below(2) == 0 ? 0 : below(500));
    policy.fallback.min_versions = static_cast<unsigned>(1 + below(3));
    policy.fallback.daily = static_cast<unsigned>(below(2));
    if (below(2) == 0) policy.fallback.deleted = std::chrono::milliseconds(below(300));
    if (below(3) == 0) policy.by_type["orders"] = RetentionRules();
    policy.grace = kGrace;
    return policy;
  }

  // What the rules let go.
  std::set<Place> going(const RetentionPolicy& policy) const {
    std::set<Place> places;
    for (const auto& [key, versions] : model_.flushed) {
      std::vector<VersionFacts> facts;
      for (std::uint32_t number = 1; number <= versions.size(); ++number) {
        const Model::Version& version = versions[number - 1];
        const bool pinned = model_.pins.count({key.first, key.second, number}) != 0;
        if (is_there(version)) facts.push_back({number, from_ms(version.at), version.gone, pinned});
      }
      for (const Verdict& verdict : apply_retention(facts, policy.of(key.first), policy.offset_at, from_ms(now_)))
        if (!verdict.keep) places.emplace(key.first, key.second, verdict.number);
    }
    return places;
  }

  // Which versions are there now: one may have gone only if it might, and come only if it might.
  void learn(const std::set<Place>& may_go, bool may_come) {
    const auto reader = world_.reader();
    for (auto& [key, versions] : model_.flushed) {
      std::set<std::uint32_t> there;
      for (const auto& row : must(reader->items().history(key.first, key.second))) there.insert(row.version);
      for (std::uint32_t number = 1; number <= versions.size(); ++number) {
        Model::Version& version = versions[number - 1];
        const bool is_now = there.count(number) != 0;
        if (is_now == is_there(version)) continue;
        INFO(key.first << " " << key.second << " version " << number);
        if (is_now) {
          REQUIRE(may_come);
          REQUIRE(must(reader->read_version(key.first, key.second, number)).item == version.item);
          ++returns_;
        } else {
          REQUIRE(may_go.count({key.first, key.second, number}) != 0);
          ++removals_;
        }
        version.removed_at = is_now ? std::nullopt : std::optional(now_);
        model_.all[key][number - 1].removed_at = version.removed_at;
      }
    }
  }

  void prune_some() {
    if (below(4) != 0) end_pack();
    const RetentionPolicy policy = some_policy();
    const std::set<Place> expected = going(policy);
    const PrunePlan plan = must(plan_prune(world_.options, policy, false));
    REQUIRE(plan.going() == expected.size());
    const Pruned done = must(prune(world_.options, policy, small_prune()));
    // The pack that is appended to cannot go, and keeps copies.
    for (const std::string& finding : done.findings) REQUIRE(finding.find("beyond its grace") != std::string::npos);
    REQUIRE(done.versions() == expected.size());
    learn(expected, false);
    REQUIRE(going(policy).empty());
  }

  void disturb_prune() {
    if (below(4) != 0) end_pack();
    const RetentionPolicy policy = some_policy();
    const std::set<Place> may_go = going(policy);
    const bool undoing = below(3) == 0;
    static const Call faults[] = {Call::create, Call::append, Call::sync,
                                  Call::rename, Call::remove, Call::sync_folder};
    const auto way = below(3);
    const auto after = below(30);
    if (way == 0) world_.fs.fail(faults[below(6)], 1 + below(8), below(2) == 0 ? ENOSPC : EIO);
    if (way == 1) world_.memory.cut_after(below(80));
    std::stop_source stop;
    std::uint64_t calls = 0;
    const auto progress = [&](const CompactProgress&) {
      if (way == 2 && calls++ == after) stop.request_stop();
    };
    if (undoing) {
      [[maybe_unused]] const auto undone = undo_prune(world_.options, small_compaction(), progress, stop.get_token());
    } else {
      [[maybe_unused]] const auto done = prune(world_.options, policy, small_prune(), progress, stop.get_token());
    }
    world_.fs.heal();
    // A pack that an undo had sealed is found by the next open, whole.
    if (!undoing) may_go_ = may_go;
    if (way == 1 || undoing || below(3) == 0) reopen(true);
    learn(may_go_, undoing);
    may_go_.clear();
  }

  // What is within its grace comes back.
  void undo() {
    const Unpruned done = must(undo_prune(world_.options, small_compaction()));
    for (const std::string& finding : done.findings) FAIL(finding);
    learn({}, true);
    for (const auto& [key, versions] : model_.flushed) {
      for (const Model::Version& version : versions) {
        INFO(key.first << " " << key.second);
        REQUIRE((is_there(version) || now_ - *version.removed_at >= kGrace.count()));
      }
    }
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
    learn(may_go_,
          true);  // from a pack that a compaction had sealed, and nobody knew of when its versions were removed
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
    const std::uint64_t returns = returns_;
    learn({}, true);
    if (returns_ == returns) REQUIRE(difference(before, world_.dump()).empty());
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
  int steps_ = 0;
  std::uint64_t appended_ = 0;
  std::set<Place> may_go_;  // by a prune that was disturbed
  std::uint64_t removals_ = 0;
  std::uint64_t returns_ = 0;
};

TEST_CASE("a vault does what a map of lists does, through crashes and lost indexes") {
  const std::uint64_t seed = seed_from_environment(SystemRandom().next());
  const char* steps = std::getenv("BACKSTOCK_STEPS");
  const int count = steps != nullptr ? std::atoi(steps) : 10'000 / kThinned;
  std::uint64_t compactions = 0;
  std::uint64_t removals = 0;
  std::uint64_t returns = 0;
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
    removals += walk.removals();
    returns += walk.returns();
  }
  if (kThinned != 1) return;
  CHECK(compactions >= static_cast<std::uint64_t>(count / kStepsOfWalk));
  CHECK(removals > static_cast<std::uint64_t>(count / 100));
  CHECK(returns > static_cast<std::uint64_t>(count / 1000));
}

}  // namespace
}  // namespace backstock::vault
