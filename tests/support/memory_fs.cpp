#include "support/memory_fs.h"

#include <algorithm>
#include <cerrno>

#include "base/random.h"

namespace backstock::testing {

using sys::folder_of;
using sys::Path;

class MemoryFile final : public sys::File {
 public:
  MemoryFile(MemoryFs* fs, MemoryFs::NodePtr node, Path path, std::uint64_t generation, bool writable)
      : fs_(fs), node_(std::move(node)), path_(std::move(path)), generation_(generation), writable_(writable) {}

  Result<> append(ByteView bytes) override {
    auto world = fs_->world_.lock();
    TRY(usable(*world));
    if (!writable_) return os_error(EBADF, "writing " + path_);
    TRY(world->count());
    node_->bytes += bytes;
    return {};
  }

  Result<std::string> read_at(std::uint64_t offset, std::size_t count) const override {
    auto world = fs_->world_.lock();
    TRY(usable(*world));
    if (offset >= node_->bytes.size()) return std::string();
    return node_->bytes.substr(static_cast<std::size_t>(offset), count);
  }

  Result<std::uint64_t> size() const override {
    auto world = fs_->world_.lock();
    TRY(usable(*world));
    return std::uint64_t{node_->bytes.size()};
  }

  Result<> sync() override {
    auto world = fs_->world_.lock();
    TRY(usable(*world));
    TRY(world->count());
    node_->synced = node_->bytes.size();
    return {};
  }

 private:
  Result<> usable(const MemoryFs::World& world) const {
    if (world.generation != generation_) return os_error(EIO, "using " + path_ + ", opened before the crash");
    return world.alive();
  }

  MemoryFs* fs_;
  MemoryFs::NodePtr node_;
  Path path_;
  std::uint64_t generation_;
  bool writable_;
};

class MemoryLock final : public sys::Lock {
 public:
  MemoryLock(MemoryFs* fs, Path path, std::uint64_t generation)
      : fs_(fs), path_(std::move(path)), generation_(generation) {}
  ~MemoryLock() override {
    auto world = fs_->world_.lock();
    if (world->generation == generation_) world->locks.erase(path_);
  }

 private:
  MemoryFs* fs_;
  Path path_;
  std::uint64_t generation_;
};

bool MemoryFs::World::is_folder(const Path& path) const { return path == "/" || path == "." || folders.contains(path); }

Result<> MemoryFs::World::alive() const {
  if (left && *left == 0) return make_error(ErrorKind::failed, "the machine has stopped");
  return {};
}

Result<> MemoryFs::World::count() {
  TRY(alive());
  ++operations;
  if (left) --*left;
  return {};
}

void MemoryFs::World::apply(const Change& change, Names& names) {
  if (!change.gone.empty()) names.erase(change.gone);
  if (!change.come.empty()) names[change.come] = change.node;
}

void MemoryFs::World::change(Change change) {
  apply(change, now);
  changes.push_back(std::move(change));
}

Result<std::unique_ptr<sys::File>> MemoryFs::open_read(const Path& path) {
  auto world = world_.lock();
  TRY(world->alive());
  if (world->is_folder(path)) return make_error(ErrorKind::failed, "opening " + path + ": not a regular file");
  const auto found = world->now.find(path);
  if (found == world->now.end()) return os_error(ENOENT, "opening " + path);
  return std::make_unique<MemoryFile>(this, found->second, path, world->generation, false);
}

Result<std::unique_ptr<sys::File>> MemoryFs::open_append(const Path& path) {
  auto world = world_.lock();
  TRY(world->alive());
  if (world->is_folder(path)) return os_error(EISDIR, "opening " + path);
  const auto found = world->now.find(path);
  if (found == world->now.end()) return os_error(ENOENT, "opening " + path);
  return std::make_unique<MemoryFile>(this, found->second, path, world->generation, true);
}

Result<std::unique_ptr<sys::File>> MemoryFs::create(const Path& path) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder_of(path))) return os_error(ENOENT, "creating " + path);
  if (world->is_folder(path) || world->now.contains(path)) {
    return make_error(ErrorKind::conflict, "creating " + path + ": File exists");
  }
  TRY(world->count());
  auto node = std::make_shared<Node>();
  world->change({"", path, node});
  return std::make_unique<MemoryFile>(this, std::move(node), path, world->generation, true);
}

Result<> MemoryFs::rename(const Path& from, const Path& to) {
  auto world = world_.lock();
  TRY(world->alive());
  if (world->is_folder(from) || world->is_folder(to)) {
    return make_error(ErrorKind::failed, "renaming " + from + ": this file system renames files only");
  }
  const auto found = world->now.find(from);
  if (found == world->now.end() || !world->is_folder(folder_of(to))) {
    return os_error(ENOENT, "renaming " + from + " to " + to);
  }
  TRY(world->count());
  if (from != to) world->change({from, to, found->second});
  return {};
}

Result<> MemoryFs::remove(const Path& path) {
  auto world = world_.lock();
  TRY(world->alive());
  if (world->folders.contains(path)) {
    const auto inside = [&](const Path& other) { return other.starts_with(path + "/"); };
    const bool full = std::any_of(world->folders.begin(), world->folders.end(), inside) ||
                      std::any_of(world->now.begin(), world->now.end(), [&](const auto& n) { return inside(n.first); });
    if (full) return os_error(ENOTEMPTY, "removing " + path);
    TRY(world->count());
    world->folders.erase(path);
    return {};
  }
  if (!world->now.contains(path)) return os_error(ENOENT, "removing " + path);
  TRY(world->count());
  world->change({path, "", nullptr});
  return {};
}

Result<std::vector<sys::Entry>> MemoryFs::list(const Path& folder) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder)) {
    return os_error(world->now.contains(folder) ? ENOTDIR : ENOENT, "listing " + folder);
  }
  std::vector<sys::Entry> entries;
  const auto name_of = [](const Path& path) { return path.substr(path.rfind('/') + 1); };
  for (const auto& [path, node] : world->now) {
    if (folder_of(path) == folder) entries.push_back({name_of(path), false, node->bytes.size()});
  }
  for (const Path& path : world->folders) {
    if (folder_of(path) == folder && path != folder) entries.push_back({name_of(path), true, 0});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

Result<> MemoryFs::make_folder(const Path& folder) {
  auto world = world_.lock();
  TRY(world->alive());
  for (Path path = folder; !world->is_folder(path); path = folder_of(path)) {
    if (world->now.contains(path)) return os_error(ENOTDIR, "making the folder " + folder);
  }
  TRY(world->count());
  for (Path path = folder; !world->is_folder(path); path = folder_of(path)) world->folders.insert(path);
  return {};
}

Result<> MemoryFs::sync_folder(const Path& folder) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder)) return os_error(ENOENT, "syncing " + folder);
  TRY(world->count());
  std::vector<Change> waiting;
  for (Change& change : world->changes) {
    const bool here = (!change.gone.empty() && folder_of(change.gone) == folder) ||
                      (!change.come.empty() && folder_of(change.come) == folder);
    if (!here) {
      waiting.push_back(std::move(change));
      continue;
    }
    // A file moved here from a folder whose own change still waits: that change must not bring the old name back.
    std::erase_if(waiting, [&](const Change& other) { return !change.gone.empty() && other.come == change.gone; });
    World::apply(change, world->durable);
  }
  world->changes = std::move(waiting);
  return {};
}

Result<ByteCount> MemoryFs::free_space(const Path& folder) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder)) return os_error(ENOENT, "asking for the free space of " + folder);
  return ByteCount{world->free_space};
}

Result<ByteCount> MemoryFs::total_space(const Path& folder) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder)) return os_error(ENOENT, "asking for the size of the disk of " + folder);
  return ByteCount{world->total_space};
}

Result<std::unique_ptr<sys::Lock>> MemoryFs::lock(const Path& path) {
  auto world = world_.lock();
  TRY(world->alive());
  if (!world->is_folder(folder_of(path))) return os_error(ENOENT, "locking " + path);
  if (!world->locks.insert(path).second) return make_error(ErrorKind::conflict, path + " is held");
  if (!world->now.contains(path)) world->change({"", path, std::make_shared<Node>()});
  return std::make_unique<MemoryLock>(this, path, world->generation);
}

void MemoryFs::crash(std::optional<std::uint64_t> seed) {
  auto world = world_.lock();
  SeededRandom random(seed.value_or(0));
  if (seed) {
    // Journals keep changes in order, so it is the first few of them that made it.
    const std::uint64_t kept = random.next() % (world->changes.size() + 1);
    for (std::uint64_t i = 0; i < kept; ++i) World::apply(world->changes[i], world->durable);
  }
  world->changes.clear();
  world->now = world->durable;
  for (auto& [path, node] : world->now) {
    const std::size_t unsynced = node->bytes.size() - node->synced;
    const std::size_t kept = seed && unsynced > 0 ? random.next() % (unsynced + 1) : 0;
    node->bytes.resize(node->synced + kept);
    if (kept > 0 && random.next() % 4 == 0) {
      // The size was written and the blocks were not.
      const std::size_t zeros = 1 + random.next() % kept;
      std::fill(node->bytes.end() - static_cast<std::ptrdiff_t>(zeros), node->bytes.end(), '\0');
    }
    node->synced = node->bytes.size();
  }
  world->locks.clear();
  world->left.reset();
  ++world->generation;
}

void MemoryFs::cut_after(std::uint64_t operations) { world_.lock()->left = operations; }

std::uint64_t MemoryFs::operations() const { return world_.lock()->operations; }

void MemoryFs::set_free_space(ByteCount bytes) { world_.lock()->free_space = bytes; }

void MemoryFs::set_total_space(ByteCount bytes) { world_.lock()->total_space = bytes; }

std::string MemoryFs::bytes_of(const Path& path) const {
  auto world = world_.lock();
  const auto found = world->now.find(path);
  return found == world->now.end() ? std::string() : found->second->bytes;
}

void MemoryFs::plant(const Path& path, std::string bytes) {
  auto world = world_.lock();
  auto node = std::make_shared<Node>();
  node->bytes = std::move(bytes);
  node->synced = node->bytes.size();
  for (Path folder = folder_of(path); !world->is_folder(folder); folder = folder_of(folder)) {
    world->folders.insert(folder);
  }
  std::erase_if(world->changes, [&](const Change& change) { return change.gone == path || change.come == path; });
  world->now[path] = node;
  world->durable[path] = std::move(node);
}

bool MemoryFs::has(const Path& path) const { return world_.lock()->now.contains(path); }

}  // namespace backstock::testing
