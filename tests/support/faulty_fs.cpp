#include "support/faulty_fs.h"

namespace backstock::testing {

using sys::Path;

class FaultyFile final : public sys::File {
 public:
  FaultyFile(const FaultyFs* fs, std::unique_ptr<sys::File> file, Path path)
      : fs_(fs), file_(std::move(file)), path_(std::move(path)) {}

  Result<> append(ByteView bytes) override {
    const auto plan = fs_->count(Call::append);
    if (!plan) return file_->append(bytes);
    if (plan->written) TRY(file_->append(bytes.substr(0, *plan->written)));
    return os_error(plan->code, "writing " + path_);
  }
  Result<std::string> read_at(std::uint64_t offset, std::size_t size) const override {
    TRY(fs_->pass(Call::read_at, path_));
    return file_->read_at(offset, size);
  }
  Result<std::uint64_t> size() const override {
    TRY(fs_->pass(Call::size, path_));
    return file_->size();
  }
  // A sync that fails has written nothing: the worst case.
  Result<> sync() override {
    TRY(fs_->pass(Call::sync, path_));
    return file_->sync();
  }

 private:
  const FaultyFs* fs_;
  std::unique_ptr<sys::File> file_;
  Path path_;
};

void FaultyFs::fail(Call call, std::uint64_t nth, int code, Fault fault) {
  auto kinds = kinds_.lock();
  Kind& kind = (*kinds)[static_cast<std::size_t>(call)];
  kind.plan = Plan{kind.calls + nth, code, fault, std::nullopt};
}

void FaultyFs::short_write(std::uint64_t nth, std::size_t bytes, int code) {
  auto kinds = kinds_.lock();
  Kind& kind = (*kinds)[static_cast<std::size_t>(Call::append)];
  kind.plan = Plan{kind.calls + nth, code, Fault::once, bytes};
}

void FaultyFs::heal() {
  auto kinds = kinds_.lock();
  for (Kind& kind : *kinds) kind.plan.reset();
}

std::uint64_t FaultyFs::calls(Call call) const { return (*kinds_.lock())[static_cast<std::size_t>(call)].calls; }

std::optional<FaultyFs::Plan> FaultyFs::count(Call call) const {
  auto kinds = kinds_.lock();
  Kind& kind = (*kinds)[static_cast<std::size_t>(call)];
  ++kind.calls;
  if (!kind.plan) return std::nullopt;
  const bool due = kind.plan->fault == Fault::once ? kind.calls == kind.plan->at : kind.calls >= kind.plan->at;
  return due ? kind.plan : std::nullopt;
}

Result<> FaultyFs::pass(Call call, const Path& path) const {
  const auto plan = count(call);
  if (plan) return os_error(plan->code, path);
  return {};
}

Result<std::unique_ptr<sys::File>> FaultyFs::wrap(Result<std::unique_ptr<sys::File>> file, const Path& path) {
  if (!file) return file;
  return std::make_unique<FaultyFile>(this, std::move(*file), path);
}

Result<std::unique_ptr<sys::File>> FaultyFs::open_read(const Path& path) {
  TRY(pass(Call::open_read, path));
  return wrap(fs_->open_read(path), path);
}

Result<std::unique_ptr<sys::File>> FaultyFs::create(const Path& path) {
  TRY(pass(Call::create, path));
  return wrap(fs_->create(path), path);
}

Result<std::unique_ptr<sys::File>> FaultyFs::open_append(const Path& path) {
  TRY(pass(Call::open_append, path));
  return wrap(fs_->open_append(path), path);
}

Result<> FaultyFs::rename(const Path& from, const Path& to) {
  TRY(pass(Call::rename, from));
  return fs_->rename(from, to);
}

Result<> FaultyFs::remove(const Path& path) {
  TRY(pass(Call::remove, path));
  return fs_->remove(path);
}

Result<std::vector<sys::Entry>> FaultyFs::list(const Path& folder) {
  TRY(pass(Call::list, folder));
  return fs_->list(folder);
}

Result<> FaultyFs::make_folder(const Path& folder) {
  TRY(pass(Call::make_folder, folder));
  return fs_->make_folder(folder);
}

Result<> FaultyFs::sync_folder(const Path& folder) {
  TRY(pass(Call::sync_folder, folder));
  return fs_->sync_folder(folder);
}

Result<ByteCount> FaultyFs::free_space(const Path& folder) {
  TRY(pass(Call::free_space, folder));
  return fs_->free_space(folder);
}

Result<ByteCount> FaultyFs::total_space(const Path& folder) {
  TRY(pass(Call::total_space, folder));
  return fs_->total_space(folder);
}

Result<std::unique_ptr<sys::Lock>> FaultyFs::lock(const Path& path) {
  TRY(pass(Call::lock, path));
  return fs_->lock(path);
}

}  // namespace backstock::testing
