// An Fs that fails when told to, around one that works.
//
//   FaultyFs fs(memory);
//   fs.fail(Call::sync, 3, EIO);                          the third sync from now, once
//   fs.fail(Call::append, 1, ENOSPC, Fault::from_then_on);
//   fs.short_write(2, 10);                                the second append writes ten bytes, then says ENOSPC
//
// Threads: any. Lifetime: the wrapped Fs outlives it, and it outlives its files.
#pragma once

#include <array>
#include <optional>

#include "base/guarded.h"
#include "sys/fs.h"

namespace backstock::testing {

enum class Call {
  open_read,
  create,
  open_append,
  append,
  read_at,
  size,
  sync,
  rename,
  remove,
  list,
  make_folder,
  sync_folder,
  free_space,
  total_space,
  lock
};
inline constexpr std::size_t kCallKinds = 15;

enum class Fault { once, from_then_on };

class FaultyFs final : public sys::Fs {
 public:
  explicit FaultyFs(sys::Fs& fs) : fs_(&fs) {}

  // The `nth` call of that kind from now on, counted from 1; replaces what was planned for the kind.
  void fail(Call call, std::uint64_t nth, int code, Fault fault = Fault::once);
  void short_write(std::uint64_t nth, std::size_t bytes, int code = 28 /* ENOSPC */);
  void heal();  // no more faults
  // Calls of that kind so far, failed ones too.
  std::uint64_t calls(Call call) const;

  Result<std::unique_ptr<sys::File>> open_read(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> create(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> open_append(const sys::Path& path) override;
  Result<> rename(const sys::Path& from, const sys::Path& to) override;
  Result<> remove(const sys::Path& path) override;
  Result<std::vector<sys::Entry>> list(const sys::Path& folder) override;
  Result<> make_folder(const sys::Path& folder) override;
  Result<> sync_folder(const sys::Path& folder) override;
  Result<ByteCount> free_space(const sys::Path& folder) override;
  Result<ByteCount> total_space(const sys::Path& folder) override;
  Result<std::unique_ptr<sys::Lock>> lock(const sys::Path& path) override;

 private:
  friend class FaultyFile;
  struct Plan {
    std::uint64_t at = 0;  // the number of the call that fails
    int code = 0;
    Fault fault = Fault::once;
    std::optional<std::size_t> written;  // bytes that go through first
  };
  struct Kind {
    std::uint64_t calls = 0;
    std::optional<Plan> plan;
  };
  // The plan if this call is to fail.
  std::optional<Plan> count(Call call) const;
  Result<> pass(Call call, const sys::Path& path) const;
  Result<std::unique_ptr<sys::File>> wrap(Result<std::unique_ptr<sys::File>> file, const sys::Path& path);

  sys::Fs* fs_;
  mutable Guarded<std::array<Kind, kCallKinds>> kinds_;
};

}  // namespace backstock::testing
