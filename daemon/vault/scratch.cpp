#include "vault/scratch.h"

#include <algorithm>

namespace backstock::vault {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

sys::Path scratch_folder(const Options& options) { return sys::join(options.folder, "scratch"); }

}  // namespace

Result<sys::Path> scratch_path(const Options& options) {
  TRY(options.fs->make_folder(scratch_folder(options)));
  return sys::join(scratch_folder(options), make_ulid(options.clock->now(), *options.random));
}

Result<std::unique_ptr<Scratch>> Scratch::create(const Options& options) {
  const sys::Path path = TRY(scratch_path(options));
  auto file = TRY(options.fs->create(path));
  return std::unique_ptr<Scratch>(new Scratch(options.fs, path, std::move(file)));
}

Scratch::~Scratch() {
  file_.reset();
  // What stays is removed at the next open.
  [[maybe_unused]] const auto removed = fs_->remove(path_);
}

Result<> Scratch::put(std::string_view key, std::string_view bytes) {
  places_.push_back({hash_of(key), end_ + buffer_.size(), static_cast<std::uint32_t>(key.size()),
                     static_cast<std::uint32_t>(bytes.size())});
  sorted_ = false;
  buffer_.append(key).append(bytes);
  if (buffer_.size() >= kBuffer) return write_out();
  return {};
}

Result<> Scratch::write_out() {
  TRY(file_->append(buffer_));
  end_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<> Scratch::for_each(std::string_view key, const std::function<void(std::string_view)>& take) {
  if (!buffer_.empty()) TRY(write_out());
  const auto before = [](const Place& a, const Place& b) {
    return a.key != b.key ? a.key < b.key : a.offset < b.offset;
  };
  if (!sorted_) std::sort(places_.begin(), places_.end(), before);
  sorted_ = true;
  const std::uint64_t hash = hash_of(key);
  for (auto place = std::lower_bound(places_.begin(), places_.end(), Place{hash, 0, 0, 0}, before);
       place != places_.end() && place->key == hash; ++place) {
    const std::string row = TRY(file_->read_at(place->offset, place->key_size + place->size));
    if (row.size() != place->key_size + place->size)
      return make_error(ErrorKind::corrupt, "scratch file " + path_ + " is shorter than it was written");
    if (std::string_view(row).substr(0, place->key_size) == key) take(std::string_view(row).substr(place->key_size));
  }
  return {};
}

Result<> remove_old_scratch(const Options& options) {
  const auto entries = options.fs->list(scratch_folder(options));
  if (!entries && entries.error().kind == ErrorKind::not_found) return {};
  if (!entries) return entries.error();
  for (const sys::Entry& entry : *entries) {
    if (!entry.is_folder) TRY(options.fs->remove(sys::join(scratch_folder(options), entry.name)));
  }
  return {};
}

}  // namespace backstock::vault
