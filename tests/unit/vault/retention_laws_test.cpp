// What holds for any history, any rules and any time. BACKSTOCK_SEED repeats a run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/random.h"
#include "vault/retention.h"

using namespace backstock;
using namespace backstock::vault;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

using History = std::vector<VersionFacts>;

const LocalOffset kSummerAndWinter = [](TimePoint t) {
  const auto day = std::chrono::year_month_day(std::chrono::floor<days>(t));
  const auto month = static_cast<unsigned>(day.month());
  return hours(month > 3 && month < 11 ? 2 : 1);
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  milliseconds span() {
    const milliseconds units[] = {minutes(7), hours(1), hours(5), days(1), days(9), days(45), days(200)};
    return units[below(std::size(units))] * static_cast<int>(below(4));
  }

  History history() {
    History versions;
    TimePoint t = parse_time("2020-02-27 22:00", from_ms(0)).value();
    std::uint32_t number = 0;
    const bool stepping = one_in(3);
    const auto count = below(30);
    while (versions.size() < count) {
      t += span();
      if (stepping && one_in(8)) t += span() * (one_in(2) ? -3 : 3);
      number += 1 + static_cast<std::uint32_t>(below(3));  // earlier removals leave gaps
      versions.push_back({number, t, one_in(6), one_in(15), one_in(8)});
    }
    return versions;
  }

  RetentionRules rules() {
    RetentionRules rules;
    rules.keep_all = one_in(20) ? RetentionRules::Span() : span();
    for (const auto count : {&RetentionRules::hourly, &RetentionRules::daily, &RetentionRules::weekly,
                             &RetentionRules::monthly, &RetentionRules::yearly})
      if (one_in(3)) rules.*count = static_cast<unsigned>(below(6));
    rules.min_versions = 1 + static_cast<unsigned>(below(3));
    if (one_in(3)) rules.deleted = span();
    return rules;
  }

  // At least what `rules` keep.
  RetentionRules more(RetentionRules rules) {
    if (one_in(2) && rules.keep_all) *rules.keep_all += span();
    for (const auto count : {&RetentionRules::hourly, &RetentionRules::daily, &RetentionRules::weekly,
                             &RetentionRules::monthly, &RetentionRules::yearly, &RetentionRules::min_versions})
      if (one_in(3)) rules.*count += static_cast<unsigned>(below(4));
    if (one_in(3) && rules.deleted) *rules.deleted += span();
    if (one_in(9)) rules.deleted.reset();
    if (one_in(20)) rules.keep_all.reset();
    return rules;
  }

 private:
  SeededRandom random_;
};

History kept(const History& versions, const RetentionRules& rules, TimePoint now) {
  History stay;
  const auto verdicts = apply_retention(versions, rules, kSummerAndWinter, now);
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (verdicts[i].keep) stay.push_back(versions[i]);
  return stay;
}

std::vector<std::uint32_t> numbers(const History& versions) {
  std::vector<std::uint32_t> all;
  for (const VersionFacts& version : versions) all.push_back(version.number);
  return all;
}

bool contains(const History& larger, const History& smaller) {
  const auto a = numbers(larger);
  const auto b = numbers(smaller);
  return std::includes(a.begin(), a.end(), b.begin(), b.end());
}

std::string described(const History& versions) {
  std::string text;
  for (const VersionFacts& version : versions)
    text += std::to_string(version.number) + " " + format_rfc3339(version.at) + (version.gone ? " gone" : "") +
            (version.pinned ? " pinned" : "") + (version.suspicious ? " suspicious" : "") + "\n";
  return text;
}

template <class Law>
void for_many(Law law) {
  const char* given = std::getenv("BACKSTOCK_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
  INFO("run again with BACKSTOCK_SEED=" << seed);
  Chance chance(seed);
  for (int round = 0; round < 3000; ++round) {
    const History versions = chance.history();
    const RetentionRules rules = chance.rules();
    TimePoint now = versions.empty() ? from_ms(0) : versions.back().at;
    now += chance.one_in(6) ? -chance.span() : chance.span() * 2;
    INFO("round " << round << ", now " << format_rfc3339(now) << "\n" << described(versions));
    law(chance, versions, rules, now);
  }
}

}  // namespace

TEST_CASE("what must never go never goes") {
  for_many([](Chance&, const History& versions, const RetentionRules& rules, TimePoint now) {
    const auto verdicts = apply_retention(versions, rules, kSummerAndWinter, now);
    REQUIRE(verdicts.size() == versions.size());
    bool content = false;
    unsigned with_content = 0;
    for (std::size_t i = 0; i < versions.size(); ++i) {
      REQUIRE(verdicts[i].number == versions[i].number);
      if (versions[i].pinned || versions[i].at > now || i + 1 == versions.size()) REQUIRE(verdicts[i].keep);
      if (!rules.keep_all || now - versions[i].at < *rules.keep_all) REQUIRE(verdicts[i].keep);
      if (i > 0 && versions[i].at < versions[i - 1].at) REQUIRE(verdicts[i].keep);
      if (!versions[i].gone) ++with_content;
      if (!versions[i].gone && verdicts[i].keep) content = true;
    }
    const bool may_be_forgotten = !versions.empty() && versions.back().gone && rules.deleted;
    if (with_content > 0 && !may_be_forgotten) REQUIRE(content);
    const History stay = kept(versions, rules, now);
    const auto left = std::count_if(stay.begin(), stay.end(), [](const auto& version) { return !version.gone; });
    if (!may_be_forgotten) REQUIRE(left >= std::min(with_content, rules.min_versions));
  });
}

TEST_CASE("rules that keep more never remove more") {
  for_many([](Chance& chance, const History& versions, const RetentionRules& rules, TimePoint now) {
    REQUIRE(contains(kept(versions, chance.more(rules), now), kept(versions, rules, now)));
  });
}

TEST_CASE("a pin removes nothing, and a suspicion nothing but what the run made itself") {
  for_many([](Chance& chance, const History& versions, const RetentionRules& rules, TimePoint now) {
    if (versions.empty()) return;
    const History before = kept(versions, rules, now);
    History marked = versions;
    VersionFacts& chosen = marked[chance.below(marked.size())];
    chosen.pinned = true;
    REQUIRE(contains(kept(marked, rules, now), before));
    chosen.suspicious = true;
    REQUIRE(contains(kept(marked, rules, now), before));
  });
}

TEST_CASE("pruning twice is pruning once") {
  for_many([](Chance&, const History& versions, const RetentionRules& rules, TimePoint now) {
    const History once = kept(versions, rules, now);
    REQUIRE(numbers(kept(once, rules, now)) == numbers(once));
  });
}

TEST_CASE("what time has removed it does not give back, and pruning often ends where pruning late ends") {
  for_many([](Chance& chance, const History& versions, const RetentionRules& rules, TimePoint now) {
    History often = versions;
    for (int step = 0; step < 4; ++step) {
      const History late = kept(versions, rules, now);
      often = kept(often, rules, now);
      REQUIRE(numbers(often) == numbers(late));
      now += chance.span();
      REQUIRE(contains(late, kept(versions, rules, now)));
    }
  });
}

TEST_CASE("pruning before later versions came has removed nothing that pruning after them keeps, but for a doubt") {
  for_many([](Chance& chance, const History& versions, RetentionRules rules, TimePoint now) {
    // An item that was forgotten and comes back has nothing to count.
    rules.deleted.reset();
    const std::size_t cut = versions.empty() ? 0 : chance.below(versions.size());
    const auto middle = versions.begin() + static_cast<std::ptrdiff_t>(cut);
    const bool doubt =
        std::any_of(middle, versions.end(), [](const auto& version) { return version.suspicious; }) ||
        !std::is_sorted(versions.begin(), versions.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    const TimePoint early = middle == versions.end() ? now : std::min(now, middle->at);
    History often = kept(History(versions.begin(), middle), rules, early);
    often.insert(often.end(), middle, versions.end());
    const auto stays = kept(often, rules, now);
    const auto waited = kept(versions, rules, now);
    if (doubt)
      REQUIRE(contains(waited, stays));
    else
      REQUIRE(numbers(waited) == numbers(stays));
  });
}

TEST_CASE("what was deleted never comes back to life") {
  for_many([](Chance&, const History& versions, const RetentionRules& rules, TimePoint now) {
    const auto verdicts = apply_retention(versions, rules, kSummerAndWinter, now);
    bool alive = false;    // by the versions that stay
    bool deleted = false;  // since the last of them, by all versions
    for (std::size_t i = 0; i < versions.size(); ++i) {
      if (versions[i].gone) deleted = true;
      if (!verdicts[i].keep) continue;
      if (alive && !versions[i].gone) REQUIRE_FALSE(deleted);
      alive = !versions[i].gone;
      deleted = false;
    }
  });
}
