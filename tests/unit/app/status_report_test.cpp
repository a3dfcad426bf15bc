#include "app/status_report.h"

#include <cstdlib>

#include "content/registry.h"
#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::app;
using testing::bury;
using testing::must;
using testing::put;

namespace {

constexpr std::int64_t kBegin = 1'795'000'000'000;

// A vault, a few runs, and what status() says of it.
struct StatusWorld : testing::VaultWorld {
  std::unique_ptr<vault::VaultWriter> writer = open();
  Json types = [] {
    Json all = Json::array();
    for (const content::ContentType& type : content::all_types()) all.push_back(type.name);
    return all;
  }();

  void begin_run(const std::string& run, const std::string& kind, std::int64_t at) {
    must(writer->append_control(Json{
        {"control", "run_begin"}, {"run", run}, {"kind", kind}, {"origin", "manual"}, {"at", at}, {"types", types}}));
    must(writer->flush());
  }
  // Every type there is, done.
  void end_types(const std::string& run, std::int64_t at) {
    for (const content::ContentType& type : content::all_types())
      end_type(run, std::string(type.name), backup::TypeOutcome::done, at);
  }
  void end_type(const std::string& run, const std::string& type, backup::TypeOutcome outcome, std::int64_t at) {
    backup::TypeReport report;
    report.type = type;
    report.outcome = outcome;
    must(writer->append_control(Json{{"control", "type_end"},
                                     {"run", run},
                                     {"type", type},
                                     {"at", at},
                                     {"started", at - 100},
                                     {"outcome", backup::to_string(outcome)},
                                     {"complete", true},
                                     {"full", true},
                                     {"report", backup::to_json(report)}}));
  }
  void end_run(const std::string& run, const std::string& outcome, const std::string& message, std::int64_t at) {
    must(writer->append_control(
        Json{{"control", "run_end"}, {"run", run}, {"at", at}, {"outcome", outcome}, {"message", message}}));
    must(writer->flush());
  }
  Json json(const WorkerState& worker = {}) {
    return store_json("acme", options.store_hash, backup::read_status("acme", options), worker);
  }
};

WorkerState working() {
  WorkerState state;
  state.progress.emplace();
  backup::Progress& progress = *state.progress;
  progress.run = "01SAMPLE2";
  progress.type = "products";
  progress.phase = "reading";
  progress.type_number = 4;
  progress.type_count = 4;
  progress.items_done = 1200;
  progress.items_total = 8123;
  progress.versions = 17;
  progress.items_per_second = 12.5;
  progress.seconds_left = 554;
  progress.seconds_left_all = 600;
  state.waiting = 1;
  state.ticks = std::chrono::milliseconds(5000);
  return state;
}

}  // namespace

TEST_CASE("a store that was never backed up says so, with every field there") {
  StatusWorld world;
  world.writer.reset();
  world.drop_index();
  const Json json = world.json();
  CHECK(json["verdict"] == Json{{"level", "notice"}, {"text", "There is no backup yet."}});
  CHECK(json["state"] == "idle");
  CHECK(json["history_since"] == nullptr);
  CHECK(json["last_run"] == nullptr);
  CHECK(json["sync"]["state"] == "manual");
  CHECK(json["problems"].empty());
}

TEST_CASE("counts, times and the verdict follow the runs") {
  StatusWorld world;
  world.begin_run("01A", "full", kBegin);
  CHECK(world.json()["verdict"]["text"] == "The first backup was interrupted; the next run goes on with it.");
  CHECK(world.json(working())["verdict"]["text"] == "The first backup is under way.");
  put(*world.writer, "products", "1", testing::product("a"), kBegin + 1000);
  put(*world.writer, "products", "2", testing::product("b"), kBegin + 2000);
  put(*world.writer, "brands", "2", testing::product("b"), kBegin + 500);
  bury(*world.writer, "products", "2", kBegin + 9000);
  world.end_types("01A", kBegin + 9500);
  world.end_run("01A", "done", "", kBegin + 10'000);
  Json json = world.json();
  CHECK(json["verdict"]["level"] == "good");
  CHECK(json["items"] == 2);
  CHECK(json["versions"] == 4);
  CHECK(json["history_since"] == format_rfc3339(from_ms(kBegin + 500)));
  CHECK(json["recent_change_at"] == format_rfc3339(from_ms(kBegin + 9000)));
  CHECK(json["last_complete_at"] == format_rfc3339(from_ms(kBegin + 10'000)));
  CHECK(json["last_run"]["outcome"] == "done");
  CHECK(json["pack_bytes"].get<std::uint64_t>() > 100);
  WorkerState later;
  later.now = from_ms(kBegin + 10'000) + std::chrono::hours(27);
  CHECK(world.json(later)["verdict"]["text"] == "The last complete backup is more than a day old.");
  later.now += std::chrono::hours(24 * 7);
  CHECK(world.json(later)["verdict"]["level"] == "bad");

  world.begin_run("01B", "full", kBegin + 20'000);
  world.end_type("01B", "products", backup::TypeOutcome::done, kBegin + 21'000);
  world.end_run("01B", "failed", "brands failed: the store did not answer", kBegin + 22'000);
  json = world.json();
  CHECK(json["verdict"]["level"] == "notice");
  CHECK(json["last_run"]["outcome"] == "partial");
  CHECK(json["last_complete_at"] == format_rfc3339(from_ms(kBegin + 10'000)));
  CHECK(json["sync"] == Json{{"state", "failing"}, {"reason", "brands failed: the store did not answer"}});
  CHECK(json["problems"] == Json::array({"brands failed: the store did not answer"}));

  world.begin_run("01C", "full", kBegin + 30'000);
  world.end_run("01C", "failed", "the store refuses the token", kBegin + 32'000);
  CHECK(world.json()["last_run"]["outcome"] == "failed");
  CHECK(world.json()["verdict"]["level"] == "bad");
  world.begin_run("01D", "full", kBegin + 40'000);
  world.end_run("01D", "cancelled", "the run was cancelled", kBegin + 42'000);
  json = world.json();
  CHECK(json["last_run"]["outcome"] == "cancelled");
  CHECK(json["verdict"]["level"] == "notice");
  CHECK(json["problems"].empty());
}

TEST_CASE("a run about some types says nothing of the others") {
  StatusWorld world;
  world.types = Json::array({"products"});
  world.begin_run("01A", "full", kBegin);
  world.end_type("01A", "products", backup::TypeOutcome::done, kBegin + 900);
  world.end_run("01A", "done", "", kBegin + 1000);
  const Json json = world.json();
  CHECK(json["last_complete_at"] == nullptr);
  CHECK(json["verdict"]["level"] == "notice");
  CHECK(json["verdict"]["text"].get<std::string>().find("never backed up are ") != std::string::npos);
}

TEST_CASE("the last whole run is found behind any number of failed ones") {
  StatusWorld world;
  world.begin_run("01A", "full", kBegin);
  world.end_run("01A", "done", "", kBegin + 1000);
  for (int i = 10; i < 40; ++i) {
    world.begin_run("01B" + std::to_string(i), "full", kBegin + i * 1000);
    world.end_run("01B" + std::to_string(i), "failed", "no", kBegin + i * 1000 + 1);
  }
  CHECK(world.json()["last_complete_at"] == format_rfc3339(from_ms(kBegin + 1000)));
  CHECK(must(backup::read_status("acme", world.options)).runs.size() == 10);
}

TEST_CASE("a retention that does nothing is a problem, and the store is backed up all the same") {
  StatusWorld world;
  world.begin_run("01A", "full", kBegin);
  world.end_types("01A", kBegin + 100);
  world.end_run("01A", "done", "", kBegin + 200);
  WorkerState state;
  state.now = from_ms(kBegin + 300);
  state.retention_trouble = make_error(ErrorKind::failed, "the clock may be wrong", "set it right");
  const Json json = world.json(state);
  CHECK(json["problems"] == Json::array({"the clock may be wrong - set it right"}));
  CHECK(json["state"] == "idle");
  CHECK(json["verdict"]["level"] == "good");
}

TEST_CASE("a vault that cannot be used makes its store unavailable, with the reason") {
  StatusWorld world;
  world.begin_run("01A", "full", kBegin);
  put(*world.writer, "products", "1", testing::product("a"), kBegin);
  world.end_run("01A", "done", "", kBegin + 1000);
  WorkerState locked;
  locked.trouble = make_error(ErrorKind::conflict, "another process writes to this vault", "stop it");
  Json json = world.json(locked);
  CHECK(json["state"] == "unavailable");
  CHECK(json["verdict"]["level"] == "bad");
  CHECK(json["sync"]["state"] == "failing");
  CHECK(json["problems"][0].get<std::string>().find("another process writes to this vault") != std::string::npos);
  CHECK(json["items"] == 1);  // what is there can be read all the same

  world.writer.reset();
  world.put_index(std::string(8192, 'x'));
  json = world.json();
  CHECK(json["state"] == "unavailable");
  CHECK(json["items"] == 0);
  CHECK(json["problems"][0].get<std::string>().find("backstock rebuild") != std::string::npos);
}

TEST_CASE("a run that goes on is shown with its rate, and whether it waits for the quota") {
  StatusWorld world;
  world.begin_run("01SAMPLE2", "incremental", kBegin);
  WorkerState state = working();
  Json json = world.json(state);
  CHECK(json["state"] == "running");
  CHECK(json["waiting"] == 1);
  CHECK(json["running"]["kind"] == "incremental");
  CHECK(json["running"]["label"] == "Products");
  CHECK(json["running"]["seconds_left_all"] == 600);
  CHECK(json["running"]["waiting_for_quota"] == false);
  state.progress->rate.wait_until = std::chrono::milliseconds(6000);
  CHECK(world.json(state)["running"]["waiting_for_quota"] == true);
  state.ticks = std::chrono::milliseconds(6000);
  CHECK(world.json(state)["running"]["waiting_for_quota"] == false);
  state.progress->items_total.reset();
  state.progress->seconds_left.reset();
  CHECK(world.json(state)["running"]["total"] == nullptr);
  CHECK(world.json(state)["running"]["seconds_left"] == nullptr);
}

TEST_CASE("the store is called as the content type says that names it") {
  StatusWorld world;
  CHECK(world.json()["title"] == nullptr);
  put(*world.writer, "store_information", "abc123",
      R"({"id":"abc123","name":"Kaufhaus Gr\u00fcn","domain":"k.example"})");
  must(world.writer->flush());
  CHECK(world.json()["title"] == "Kaufhaus Grün");
  CHECK(world.json()["domain"] == "k.example");
  put(*world.writer, "store_information", "abc123", R"({"id":"abc123","name":"Kaufhaus Blau","domain":""})", 3000);
  must(world.writer->flush());
  CHECK(world.json()["title"] == "Kaufhaus Blau");
  CHECK(world.json()["domain"] == nullptr);
}

// The page's own tests read it. BACKSTOCK_ACCEPT=1 writes it anew.
TEST_CASE("the status is that of the sample") {
  StatusWorld world;
  world.begin_run("01SAMPLE1", "full", kBegin);
  put(*world.writer, "products", "1", testing::product("a"), kBegin + 1000);
  put(*world.writer, "store_information", "abc123", R"({"id":"abc123","name":"Acme Outdoor","domain":"acme.example"})",
      kBegin + 1500);
  world.end_types("01SAMPLE1", kBegin + 2000);
  world.end_run("01SAMPLE1", "done", "", kBegin + 3000);
  Json idle = world.json();
  world.begin_run("01SAMPLE2", "incremental", kBegin + 86'400'000);
  Json running = world.json(working());
  // How many bytes a pack takes is up to zstd.
  idle["pack_bytes"] = running["pack_bytes"] = 4711;
  running["name"] = "busy";
  Json empty = store_json("new", "def456", backup::StoreStatus{}, {});
  WorkerState locked;
  locked.trouble = make_error(ErrorKind::conflict, "another process holds the vault", "stop it and ask for a backup");
  Json unavailable = store_json("locked", "0f0f0f", backup::StoreStatus{}, locked);
  const Json status{{"version", "0.1.0"},
                    {"now", format_rfc3339(from_ms(kBegin + 86'500'000))},
                    {"stores", Json::array({idle, running, empty, unavailable})}};
  const std::string path = std::string(BACKSTOCK_GOLDEN_DIR) + "/api/status.json";
  const std::string now = status.dump(2) + "\n";
  if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) {
    std::filesystem::create_directories(std::string(BACKSTOCK_GOLDEN_DIR) + "/api");
    std::ofstream(path, std::ios::trunc) << now;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string kept((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  CHECK(now == kept);
}

TEST_CASE("a disk that is low dims good news, and a full one is the first thing that is said") {
  StatusWorld world;
  world.begin_run("01A", "full", kBegin);
  world.end_types("01A", kBegin + 1000);
  world.end_run("01A", "done", "", kBegin + 2000);
  WorkerState soon;
  soon.now = from_ms(kBegin + 10'000);
  CHECK(world.json(soon)["verdict"]["level"] == "good");
  world.memory.set_total_space(40 * 1024 * 1_MiB);
  world.memory.set_free_space(1900_MiB);
  const Json low = world.json(soon);
  CHECK(low["verdict"]["level"] == "notice");
  CHECK(low["problems"] == Json::array({"disk low: 1.8 GiB free of 40 GiB, below 2 GiB"}));
  world.memory.set_free_space(100_MiB);
  const Json full = world.json(soon);
  CHECK(full["verdict"]["level"] == "bad");
  CHECK(full["problems"] == Json::array({"no room: backups of acme wait (100 MiB free of 40 GiB, below 256 MiB); free "
                                         "some space, they go on by themselves"}));
}
