// `backstock search`: a text in all fields of all versions.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "vault/text_search.h"

namespace backstock::cli {
namespace {

constexpr int kUnreadable = 1;
constexpr int kNothingFound = 3;

Json to_json(const std::string& store, const vault::TextHit& hit) {
  return Json{{"store", store},
              {"type", hit.type},
              {"id", hit.id},
              {"version", hit.version},
              {"captured_at", format_rfc3339(from_ms(hit.at))},
              {"path", hit.path},
              {"excerpt", hit.excerpt}};
}

// The searches of the stores, one after the other.
class Searches {
 public:
  Searches(const SearchArguments& arguments, Surroundings& s, vault::TextQuery query, bool names_stores)
      : arguments_(arguments),
        s_(s),
        query_(std::move(query)),
        names_stores_(names_stores),
        line_(s.err, s.err_is_terminal),
        end_of_all_(s.stop, [this] { stop_.request_stop(); }) {}

  Result<> search(const StoreSetup& store) {
    query_.most_hits = arguments_.limit - sum_.hits;
    const auto hit = [&](const vault::TextHit& found) { print_hit(store.name, found); };
    const auto progress = [&](const vault::SearchProgress& now) { show(store.name, now); };
    vault::Searched done =
        TRY(vault::search_text(store.vault, query_, arguments_.threads, hit, progress, stop_.get_token()));
    line_.finish();
    sum_.hits += done.hits;
    sum_.bytes += done.bytes;
    sum_.limited = sum_.limited || done.limited;
    sum_.stopped = sum_.stopped || done.stopped;
    sum_.unreadable += done.unreadable;
    for (const std::string& finding : done.findings) sum_.findings.push_back(store.name + ": " + finding);
    return {};
  }

  bool is_over() const { return sum_.limited || sum_.stopped; }

  // How much was looked through, and what was not. Gives the exit code.
  int end() {
    if (arguments_.json)
      print(s_.out, to_text(Json{{"hits", sum_.hits},
                                 {"bytes", sum_.bytes},
                                 {"limited", sum_.limited},
                                 {"stopped", sum_.stopped},
                                 {"unreadable", sum_.unreadable},
                                 {"findings", sum_.findings}}) +
                        "\n");
    const std::string read = describe_size(sum_.bytes) + " of versions read";
    print(s_.err, sum_.hits == 0 ? "Nothing found; " + read + ".\n"
                                 : fmt::format("{} field{} found; {}.\n", describe_count(sum_.hits),
                                               sum_.hits == 1 ? "" : "s", read));
    if (sum_.limited) print(s_.err, "There is more: raise --limit, or search for a longer text.\n");
    if (sum_.stopped) print(s_.err, "The search was stopped: not everything was read.\n");
    for (const std::string& finding : sum_.findings) print(s_.err, "not read: " + printable(finding, 500) + "\n");
    if (sum_.unreadable > sum_.findings.size())
      print(s_.err, fmt::format("and {} more frames\n", sum_.unreadable - sum_.findings.size()));
    if (sum_.unreadable != 0) print(s_.err, "`backstock verify` names everything that is damaged, and what to do.\n");
    if (sum_.unreadable != 0 || sum_.stopped) return kUnreadable;
    return sum_.hits == 0 ? kNothingFound : 0;
  }

 private:
  void print_hit(const std::string& store, const vault::TextHit& hit) {
    line_.finish();
    if (arguments_.json)
      print(s_.out, to_text(to_json(store, hit)) + "\n");
    else
      print(s_.out, fmt::format("{}{} {} version {}, {}: {}: {}\n", names_stores_ ? store + " " : "", hit.type,
                                printable(hit.id, 100), hit.version, format_rfc3339(from_ms(hit.at / 1000 * 1000)),
                                printable(hit.path, 200), printable(hit.excerpt, 200)));
    // Whoever reads may have seen enough, and gone.
    if (std::fflush(s_.out) != 0) stop_.request_stop();
  }

  void show(const std::string& store, const vault::SearchProgress& now) {
    if (!s_.err_is_terminal) return;
    line_.show_text(fmt::format("{}: {} of {} searched, {} found", store, describe_size(now.done),
                                describe_size(now.total), describe_count(sum_.hits + now.hits)),
                    s_.clock->ticks(), false);
  }

  const SearchArguments& arguments_;
  Surroundings& s_;
  vault::TextQuery query_;
  bool names_stores_;
  ProgressLine line_;
  vault::Searched sum_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> end_of_all_;
};

}  // namespace

Result<int> search_command(const SearchArguments& arguments, Surroundings& s) {
  vault::TextQuery query;
  query.text = arguments.text;
  query.any_case = !arguments.match_case;
  query.newest_only = !arguments.all_versions;
  for (const std::string& type : arguments.types) {
    TRY(choose_type(type));
    query.types.push_back(type);
  }
  if (!arguments.at.empty()) query.at = TRY(parse_time(arguments.at, s.clock->now()));
  const Setup setup = TRY(s.load(arguments.config));
  const std::vector<StoreSetup> chosen = TRY(choose_stores(setup, arguments.store));
  Searches searches(arguments, s, std::move(query), chosen.size() > 1);
  std::optional<Error> last;
  std::size_t failed = 0;
  for (const StoreSetup& store : chosen) {
    const auto searched = searches.search(store);
    if (searches.is_over()) break;
    if (searched) continue;
    ++failed;
    last = searched.error();
    if (chosen.size() > 1) print(s.err, "backstock: " + store.name + ": " + last->sentence() + "\n");
  }
  if (failed == chosen.size()) return *std::move(last);
  const int code = searches.end();
  return failed != 0 ? kUnreadable : code;
}

}  // namespace backstock::cli
