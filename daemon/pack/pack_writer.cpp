#include "pack/pack_writer.h"

#include <algorithm>

namespace backstock::pack {

namespace {

Error bad(std::string what) { return make_error(ErrorKind::bad_input, std::move(what)); }

Result<> check_header(const PackHeader& header) {
  if (header.version != kFormatVersion) return bad("packs are written in the current format version only");
  if (header.identity == PackIdentity{}) return bad("a pack needs a random identity, not zeros");
  if (header.store_hash.size() > kMaxName) return bad("the store hash is too long for a pack header");
  if (header.replaces.size() * 8 + 1024 > kMaxHeader) {
    return make_error(ErrorKind::too_large,
                      "a pack cannot take over " + std::to_string(header.replaces.size()) + " packs at once",
                      "compact in smaller steps");
  }
  return {};
}

class FileWriter final : public PackWriter {
 public:
  FileWriter(std::unique_ptr<sys::File> file, PackHeader header, std::uint64_t end, std::uint32_t frames,
             const Packing& how)
      : file_(std::move(file)),
        header_(std::move(header)),
        compressor_(how.level, how.dictionary),
        end_(end),
        frames_(frames) {}

  // Until it is in its place.
  void stand_beside(sys::Fs& fs, sys::Path folder) {
    fs_ = &fs;
    folder_ = std::move(folder);
  }
  ~FileWriter() override {
    if (fs_ == nullptr) return;
    file_.reset();
    // What cannot be removed is removed by the next writer that opens the vault.
    for (const std::string& left : {name() + std::string(kBeside), name()}) {
      [[maybe_unused]] const auto removed = fs_->remove(sys::join(folder_, left));
    }
  }

  Result<FramePlace> append(FrameHeader header, ByteView raw) override {
    if (broken_) return *broken_;
    auto packed = pack_frame(compressor_, std::move(header), raw);
    if (packed) return append(std::move(*packed));
    packed = std::move(packed).context("appending to " + name());
    // What the caller got wrong has touched nothing, so the writer stays usable.
    const ErrorKind kind = packed.error().kind;
    if (kind != ErrorKind::bad_input && kind != ErrorKind::too_large) broken_ = packed.error();
    return std::move(packed).error();
  }

  Result<FramePlace> append(PackedFrame&& frame) override {
    if (broken_) return *broken_;
    if (sealed_) return make_error(ErrorKind::failed, name() + " is sealed");
    const Dictionary* dictionary = compressor_.dictionary();
    if (frame.header.dictionary != (dictionary == nullptr ? 0 : dictionary->number()))
      return bad("a frame of another dictionary cannot be taken over");
    return keep(write(std::move(frame)).context("appending to " + name()));
  }

  Result<> sync() override {
    if (broken_) return *broken_;
    return keep(file_->sync());
  }

  Result<> seal() override {
    if (broken_) return *broken_;
    if (sealed_) return {};
    TRY(keep(file_->append(encode_seal(header_.identity, frames_, end_))));
    TRY(keep(file_->sync()));
    if (fs_ != nullptr) TRY(keep(take_place()));
    sealed_ = true;
    return {};
  }

  std::uint64_t number() const override { return header_.number; }
  const PackHeader& header() const override { return header_; }
  std::uint64_t end() const override { return end_; }

 private:
  std::string name() const { return pack_name(header_.number); }

  // Remembers the first failure: what stands in the file after it is not known.
  template <class T>
  Result<T> keep(Result<T> result) {
    if (!result) broken_ = result.error();
    return result;
  }

  Result<> take_place() {
    TRY(fs_->rename(sys::join(folder_, name() + std::string(kBeside)), sys::join(folder_, name())));
    sys::Fs& fs = *fs_;
    fs_ = nullptr;
    return fs.sync_folder(folder_);
  }

  Result<FramePlace> write(PackedFrame&& frame) {
    frame.header.sequence = frames_;
    frame.header.offset = end_;
    const std::string encoded = encode(header_.identity, frame.header);
    std::copy(encoded.begin(), encoded.end(), frame.bytes.begin());
    TRY(file_->append(frame.bytes));
    const FramePlace place{header_.number, end_, static_cast<std::uint32_t>(frame.room), frame.header.stored_size};
    end_ = place.end();
    ++frames_;
    return place;
  }

  std::unique_ptr<sys::File> file_;
  PackHeader header_;
  Compressor compressor_;
  std::uint64_t end_;
  std::uint32_t frames_;
  bool sealed_ = false;
  sys::Fs* fs_ = nullptr;  // set while it stands beside its place
  sys::Path folder_;
  std::optional<Error> broken_;
};

Result<> write_header(sys::Fs& fs, const sys::Path& folder, sys::File& file, ByteView header) {
  TRY(file.append(header));
  TRY(file.sync());
  return fs.sync_folder(folder);
}

}  // namespace

Result<std::unique_ptr<PackWriter>> PackWriter::create(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                       const Packing& how) {
  TRY(check_header(header));
  const sys::Path path = sys::join(folder, pack_name(header.number));
  auto file = TRY(fs.create(path));
  const std::string encoded = encode(header);
  if (auto written = write_header(fs, folder, *file, encoded); !written) {
    // Nobody knows of it yet, and a file whose sync failed must not be gone on with.
    [[maybe_unused]] const auto removed = fs.remove(path);
    return std::move(written).error();
  }
  return std::make_unique<FileWriter>(std::move(file), std::move(header), encoded.size(), 0, how);
}

Result<std::unique_ptr<PackWriter>> PackWriter::create_beside(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                              const Packing& how) {
  TRY(check_header(header));
  const sys::Path path = sys::join(folder, pack_name(header.number));
  TRY(fs.create(path));  // the number is taken
  auto file = fs.create(path + std::string(kBeside));
  const std::string encoded = encode(header);
  auto written = file ? (*file)->append(encoded) : Result<>(file.error());
  if (!written) {
    [[maybe_unused]] const auto removed = fs.remove(path);
    return std::move(written).error();
  }
  auto writer = std::make_unique<FileWriter>(std::move(*file), std::move(header), encoded.size(), 0, how);
  writer->stand_beside(fs, folder);
  return std::unique_ptr<PackWriter>(std::move(writer));
}

Result<std::unique_ptr<PackWriter>> PackWriter::resume(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                       std::uint64_t end, std::uint32_t frames, int level) {
  TRY(check_header(header));
  const sys::Path path = sys::join(folder, pack_name(header.number));
  auto file = TRY(fs.open_append(path));
  const std::uint64_t size = TRY(file->size());
  if (size != end) {
    return make_error(ErrorKind::conflict, path + " ends at " + std::to_string(size) + ", not at " +
                                               std::to_string(end) + " as its frames do");
  }
  TRY(file->sync());
  return std::make_unique<FileWriter>(std::move(file), std::move(header), end, frames, Packing{level});
}

}  // namespace backstock::pack
