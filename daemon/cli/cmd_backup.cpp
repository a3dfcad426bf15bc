// `backstock backup`: by the running daemon, or here when none runs.
#include <fmt/format.h>

#include <mutex>
#include <thread>

#include "backup/backup_run.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace backstock::cli {
namespace {

// Several stores draw on one terminal.
class SharedLine final : public backup::ProgressSink {
 public:
  explicit SharedLine(ProgressLine& line) : line_(&line) {}
  void show(const backup::Progress& progress) override {
    const std::scoped_lock lock(mutex_);
    line_->show(progress);
  }

 private:
  std::mutex mutex_;
  ProgressLine* line_;
};

Json request_json(const std::string& store, const backup::RunRequest& request) {
  return Json{{"command", "backup"},
              {"store", store},
              {"types", request.types},
              {"full", request.full},
              {"accept_deletions", request.accept_deletions}};
}

Result<Json> back_up_here(const StoreSetup& store, const backup::RunRequest& request, backup::ProgressSink& sink,
                          Surroundings& s) {
  const store_api::Options api = TRY(with_token(store));
  const auto vault = TRY(vault::VaultWriter::open(store.vault, "a backup"));
  for (const std::string& finding : vault->opened().findings) print(s.err, store.name + ": " + finding + "\n");
  const auto transport = s.make_transport();
  store_api::StoreClient client(api, *transport, *s.clock, *s.random);
  const backup::RunReport report =
      TRY(backup::run_backup(request, {client, *vault, *s.clock, *s.random, &sink, s.leaving}, s.stop));
  return backup::to_json(report);
}

void print_report(const Json& report, std::FILE* out) {
  std::vector<std::vector<std::string>> rows = {
      {"TYPE", "OUTCOME", "SEEN", "NEW", "CHANGED", "DELETED", "REQUESTS", "AT LEAST"}};
  for (const Json& json : array_at(report, "types")) {
    const backup::TypeReport type = backup::type_report_from_json(json);
    rows.push_back({type.type, std::string(to_string(type.outcome)), describe_count(type.seen),
                    describe_count(type.added + type.returned), describe_count(type.changed), describe_count(type.gone),
                    describe_count(type.requests), describe_count(type.requests_minimum)});
  }
  const std::int64_t seconds = (integer_at(report, "ended") - integer_at(report, "started")) / 1000;
  const bool resumed = flag_at(report, "resumed");
  print(out,
        fmt::format("{}: {} run {}{} in {}: {} new versions\n", string_at(report, "store"), string_at(report, "kind"),
                    string_at(report, "outcome"), resumed ? " (an interrupted run was taken up)" : "",
                    describe_seconds(seconds), describe_count(count_at(report, "versions"))));
  print_table(out, rows);
  for (const Json& json : array_at(report, "types")) {
    const backup::TypeReport type = backup::type_report_from_json(json);
    for (const std::string& gap : type.gaps) print(out, type.type + ": not covered: " + printable(gap, 500) + "\n");
    if (!type.message.empty()) print(out, type.type + ": " + printable(type.message, 1000) + "\n");
    for (const std::string& problem : type.problems) print(out, "  " + printable(problem, 500) + "\n");
    if (type.problem_count > type.problems.size())
      print(out, fmt::format("  ... and {} more\n", type.problem_count - type.problems.size()));
  }
}

struct Outcome {
  std::string store;
  Result<Json> report = Json();
};

}  // namespace

Result<int> backup_command(const BackupArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  const std::vector<StoreSetup> stores = TRY(choose_stores(setup, arguments.store));
  backup::RunRequest request;
  request.types = arguments.types;
  request.full = arguments.full;
  request.accept_deletions = arguments.accept_deletions;
  for (const std::string& type : request.types) TRY(choose_type(type));

  ProgressLine line(s.err, s.err_is_terminal);
  SharedLine shared(line);
  std::vector<Outcome> outcomes(stores.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < stores.size(); ++i) {
      outcomes[i].store = stores[i].name;
      threads.emplace_back([&, i] {
        const auto show = [&](const Json& progress) { shared.show(progress_from_json(progress)); };
        DaemonAnswer daemon = s.ask_daemon(setup.socket, request_json(stores[i].name, request), show, s.stop);
        backup::RunRequest own = request;
        own.deletion_brake = stores[i].deletion_brake;
        own.extra_parts = stores[i].extra_parts;
        outcomes[i].report = daemon.reached ? std::move(daemon.answer) : back_up_here(stores[i], own, shared, s);
      });
    }
  }
  line.finish();

  int code = 0;
  Json reports = Json::array();
  for (Outcome& outcome : outcomes) {
    if (!outcome.report) {
      code = 1;
      const std::string sentence = outcome.store + ": " + outcome.report.error().sentence();
      print(s.err, "backstock: " + sentence + "\n");
      reports.push_back(Json{{"store", outcome.store}, {"outcome", "failed"}, {"message", sentence}});
      continue;
    }
    if (string_at(*outcome.report, "outcome") != "done") code = 1;
    if (!arguments.json) print_report(*outcome.report, s.out);
    if (!arguments.json && !string_at(*outcome.report, "message").empty() && code != 0)
      print(s.err, "backstock: " + outcome.store + ": " + string_at(*outcome.report, "message") + "\n");
    reports.push_back(std::move(*outcome.report));
  }
  if (arguments.json) print_json(s.out, Json{{"runs", std::move(reports)}});
  return code;
}

}  // namespace backstock::cli
