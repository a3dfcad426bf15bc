#include "app/store_worker.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "app/store_desk.h"
#include "support/scripted_transport.h"
#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::app;
using testing::must;

namespace {

// A store that refuses the token, at once or when the test lets it.
class Refusing {
 public:
  StoreWorker::MakeTransport make() {
    return [this] {
      auto transport = std::make_unique<testing::ScriptedTransport>();
      transport->on("/", [this](const net::HttpRequest&) -> Result<net::HttpReply> {
        std::unique_lock lock(mutex_);
        asked_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
        return testing::json_reply(401, "{}");
      });
      return transport;
    };
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
  }
  void let_go() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  bool open_ = false;
};

struct WorkerWorld : testing::VaultWorld {
  cli::StoreSetup setup() {
    cli::StoreSetup made;
    made.name = "acme";
    made.vault = options;
    made.api.store_name = "acme";
    made.api.store_hash = options.store_hash;
    made.api.api_url = "http://127.0.0.1:9";
    made.token = [] { return Result<Secret>(Secret("token")); };
    return made;
  }
  Refusing store;
};

}  // namespace

TEST_CASE("a vault that cannot be opened is trouble, until a run finds that it can") {
  WorkerWorld world;
  world.store.let_go();
  auto other = world.open();  // holds the lock
  const auto worker = StoreWorker::start(world.setup(), world.store.make());
  REQUIRE(worker->trouble());
  CHECK(worker->trouble()->sentence().find("acme") != std::string::npos);
  const auto refused = worker->submit({})->done.get_future().get();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(worker->trouble());
  other.reset();
  const auto ran = worker->submit({})->done.get_future().get();
  REQUIRE(ran);
  CHECK(ran->outcome == "failed");  // by the store's 401
  CHECK_FALSE(worker->trouble());
}

TEST_CASE("the desk counts what waits, refuses too much of it, and cancels all") {
  WorkerWorld world;
  const auto worker = StoreWorker::start(world.setup(), world.store.make());
  StoreDesk desk({worker.get()});
  REQUIRE(desk.stores().size() == 1);
  CHECK(desk.stores()[0].name == "acme");
  CHECK(desk.cancel("acme").error().kind == ErrorKind::conflict);
  CHECK(desk.submit("nobody", {}).error().kind == ErrorKind::not_found);
  CHECK(desk.cancel("nobody").error().kind == ErrorKind::not_found);
  const auto first = worker->submit({});
  world.store.wait_until_asked();
  CHECK(desk.work("acme").waiting == 0);
  CHECK(desk.work("acme").type);
  for (std::size_t i = 1; i <= StoreDesk::kMostWaiting; ++i) CHECK(must(desk.submit("acme", {})) == i);
  CHECK(desk.submit("acme", {}).error().kind == ErrorKind::conflict);
  const auto last = worker->submit({});
  must(desk.cancel("acme"));
  CHECK(desk.work("acme").waiting == 0);
  CHECK(last->done.get_future().get().error().kind == ErrorKind::cancelled);
  world.store.let_go();
  const auto ended = first->done.get_future().get();
  REQUIRE(ended);
  CHECK(ended->outcome != "done");
}

TEST_CASE("a run that ended for want of room goes on by itself when there is some") {
  WorkerWorld world;
  world.store.let_go();
  const auto worker = StoreWorker::start(world.setup(), world.store.make());
  std::atomic<int> looks = 0;
  std::promise<void> looked;
  world.clock.on_sleep([&] {
    if (++looks == 5) {
      CHECK(worker->waits_for_room());
      world.memory.set_free_space(64 * 1024 * 1_MiB);
      looked.set_value();
    }
  });
  world.memory.set_free_space(10_MiB);
  const auto refused = worker->submit({})->done.get_future().get();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::no_space);
  looked.get_future().wait();
  world.store.wait_until_asked();  // the store: the run that waited has begun
  worker->submit({})->done.get_future().wait();
  CHECK_FALSE(worker->waits_for_room());
  CHECK(worker->disk()->level == vault::RoomLevel::enough);
  CHECK(must(index::recent_runs(world.reader()->connection(), 10)).size() == 2);
  CHECK(looks == 5);
}

TEST_CASE("cancelling drops a run that waits for room, and a stop does not wait for it") {
  WorkerWorld world;
  world.store.let_go();
  SystemClock clock;  // a minute of it would be noticed
  auto setup = world.setup();
  setup.vault.clock = &clock;
  const auto worker = StoreWorker::start(setup, world.store.make());
  world.memory.set_free_space(10_MiB);
  REQUIRE_FALSE(worker->submit({})->done.get_future().get());
  CHECK(worker->waits_for_room());
  CHECK(worker->cancel_all());
  CHECK_FALSE(worker->waits_for_room());
  CHECK_FALSE(worker->cancel_all());
  REQUIRE_FALSE(worker->submit({})->done.get_future().get());
  CHECK(worker->waits_for_room());
  worker->stop();
}

TEST_CASE("a prune that the clock forbids is told, until a person says that the clock is right") {
  WorkerWorld world;
  world.store.let_go();
  {
    const auto writer = world.open();
    for (int i = 0; i < 3; ++i) testing::put(*writer, "products", "1", testing::product(std::to_string(i)), 1000 + i);
    must(writer->flush());
  }
  cli::StoreSetup setup = world.setup();
  setup.retention.fallback.keep_all = std::chrono::hours(1);
  const auto worker = StoreWorker::start(setup, world.store.make());
  CHECK_FALSE(worker->retention_trouble());
  const auto refused = worker->keep_up(UpkeepTask::What::prune)->done.get_future().get();
  REQUIRE_FALSE(refused);
  REQUIRE(worker->retention_trouble());
  CHECK(worker->retention_trouble()->sentence().find("--force-clock") != std::string::npos);
  const Json done = must(worker->keep_up(UpkeepTask::What::prune, true)->done.get_future().get());
  CHECK(done["types"][0]["versions"] == 1);
  CHECK_FALSE(worker->retention_trouble());
  const Json undone = must(worker->keep_up(UpkeepTask::What::undo_prune)->done.get_future().get());
  CHECK(undone["put_back"] == 1);
  CHECK(must(worker->keep_up(UpkeepTask::What::compact)->done.get_future().get())["findings"].empty());
}
