// The handlers of /api/v1 over a vault, called as the route table calls them, without sockets and accounts' rights.
#pragma once

#include <filesystem>

#include "admin_world.h"
#include "content/fingerprint.h"
#include "content/registry.h"
#include "http/api_answer.h"

namespace backstock::test {

inline std::string golden_item(const std::string& type) {
  std::ifstream file(std::string(BACKSTOCK_GOLDEN_DIR) + "/content/" + type + "/item.json", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  while (text.ends_with('\n')) text.pop_back();
  REQUIRE(!text.empty());
  return text;
}

// With one piece of the text replaced.
inline std::string with(std::string text, std::string_view old, std::string_view now) {
  const auto at = text.find(old);
  REQUIRE(at != text.npos);
  return text.replace(at, old.size(), now);
}

class WorkingStores final : public http::StoreDoor {
 public:
  const std::vector<Store>& stores() const override { return all; }
  Work work(const std::string&) const override { return now; }
  Result<std::size_t> submit(const std::string& store, backup::RunRequest request) override {
    if (full) return make_error(ErrorKind::conflict, "eight backups of this store wait already");
    asked.emplace_back(store, std::move(request));
    return ++now.waiting;
  }
  Result<> cancel(const std::string&) override {
    if (now.waiting == 0) return make_error(ErrorKind::conflict, "no backup of this store runs or waits");
    now = {};
    return {};
  }
  std::vector<Store> all;
  Work now;
  bool full = false;
  std::vector<std::pair<std::string, backup::RunRequest>> asked;
};

struct ApiWorld : testing::VaultWorld {
  static constexpr std::int64_t kHour = 3'600'000;

  ApiWorld() {
    options.labels = [](std::string_view type, std::string_view item) {
      const content::ContentType* entry = content::find_type(type);
      return entry == nullptr ? std::vector<std::string>() : content::labels(*entry, item);
    };
    stores.all = {{"acme", options}, {"empty", options}};
    stores.all[1].vault.folder = folder.path() + "/nothing-here";
    writer = open();
  }

  // The n-th hour of the store's history.
  static std::int64_t at(int hour) { return 1'795'000'000'000 + hour * kHour; }

  // One version per call; its run is made as it is named first.
  std::uint32_t capture(const std::string& run, const std::string& type, const std::string& id, const std::string& item,
                        std::int64_t when, std::vector<std::pair<std::string, std::string>> parts = {}) {
    vault::VersionMeta meta = testing::meta_of(type, id, when);
    meta.run = run;
    meta.source = kinds.count(run) == 0 ? "full" : kinds[run];
    meta.gone = item.empty();
    meta.hash = testing::hash_of(item);
    std::vector<vault::NamedText> named;
    for (const auto& [name, bytes] : parts) named.push_back({name, {bytes}});
    return must(writer->append(std::move(meta), {item}, named));
  }
  void bury(const std::string& run, const std::string& type, const std::string& id, std::int64_t when) {
    capture(run, type, id, "", when);
  }

  void begin_run(const std::string& run, const std::string& kind, std::int64_t when) {
    kinds[run] = kind;
    must(writer->append_control(Json{{"control", "run_begin"},
                                     {"run", run},
                                     {"kind", kind},
                                     {"origin", "manual"},
                                     {"at", when},
                                     {"types", Json::array({"brands", "products"})}}));
  }
  void end_type(const std::string& run, backup::TypeReport report) {
    must(writer->append_control(Json{{"control", "type_end"},
                                     {"run", run},
                                     {"type", report.type},
                                     {"at", report.ended},
                                     {"started", report.started},
                                     {"outcome", backup::to_string(report.outcome)},
                                     {"complete", report.complete},
                                     {"full", report.full},
                                     {"report", backup::to_json(report)}}));
  }
  void end_run(const std::string& run, const std::string& outcome, const std::string& message, std::int64_t when) {
    must(writer->append_control(
        Json{{"control", "run_end"}, {"run", run}, {"at", when}, {"outcome", outcome}, {"message", message}}));
    must(writer->flush());
  }

  using Query = std::vector<std::pair<std::string, std::string>>;
  http::Response ask(std::string_view method, const std::string& path, Query query, const std::string& body = "") {
    http::Request request;
    request.method = method;
    request.path = request.target = path;
    request.query = std::move(query);
    request.body = body;
    if (!body.empty()) request.headers = {{"Content-Type", "application/json"}};
    for (const http::Route& route : http::all_routes()) {
      if (route.path != path || route.method != method) continue;
      auto checked = http::ApiRequest::read(request, route.parameters, route.fields);
      if (!checked) return http::problem_of(checked.error());
      auto answered = route.answer(serving, *checked);
      return answered ? std::move(*answered) : http::problem_of(answered.error());
    }
    FAIL("no such route: " << path);
    return {};
  }
  Json get(const std::string& path, Query query) {
    const http::Response response = ask("GET", path, std::move(query));
    INFO(response.body);
    REQUIRE(response.status == 200);
    CHECK(response.content_type == "application/json");
    return must(parse_json(response.body, "the answer"));
  }
  // An answer that is a problem: its status, and that it says what, why and what next.
  int refusal(std::string_view method, const std::string& path, Query query, const std::string& body = "") {
    const http::Response response = ask(method, path, std::move(query), body);
    if (response.status < 400) return response.status;
    const Json problem = must(parse_json(response.body, "the problem"));
    CHECK(!problem["what"].get<std::string>().empty());
    CHECK(!problem["why"].get<std::string>().empty());
    return response.status;
  }

  std::map<std::string, std::string> kinds;
  WorkingStores stores;
  std::unique_ptr<vault::VaultWriter> writer;
  sys::PosixFs disk;
  std::unique_ptr<state::Accounts> accounts =
      must(state::Accounts::open({&disk, &clock, &random, folder.path() + "/state.db"}));
  FixedStatus status;
  http::EventFeed events;
  http::SignInThrottle throttle{clock};
  http::Serving serving{status, *accounts, events, throttle, &stores};
};

}  // namespace backstock::test
