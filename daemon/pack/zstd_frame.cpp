#include "pack/zstd_frame.h"

#define ZSTD_STATIC_LINKING_ONLY  // for the name of ZSTD_c_forceAttachDict
#include <zstd.h>

#include <array>
#include <cstdlib>

#include "pack/byte_order.h"
#include "pack/dictionary.h"
#include "pack/dictionary_state.h"

namespace backstock::pack {

namespace {

constexpr std::size_t kKeptBuffer = 1_MiB;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Error corrupt(std::string what) { return make_error(ErrorKind::corrupt, std::move(what)); }

// Kept per thread: a context is some 100 KiB to set up, and frames come by the thousand.
ZSTD_DCtx* decompressor(const Dictionary* dictionary) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (context == nullptr) std::abort();  // out of memory, as operator new would end it
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_DCtx_refDDict(context.get(), dictionary == nullptr ? nullptr : dictionary->state().for_reading.get());
  return context.get();
}

// What must hold before a byte is unpacked.
Result<> check_shape(ByteView frame, std::size_t raw_size, const Dictionary* dictionary) {
  constexpr std::uint8_t kChecksumFlag = 4;
  if (frame.size() < 5 || get<std::uint32_t>(frame, 0) != ZSTD_MAGICNUMBER) return corrupt("this is no zstd frame");
  if ((get<std::uint8_t>(frame, 4) & kChecksumFlag) == 0) return corrupt("the zstd frame has no checksum");
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw_size) {
    return corrupt("the zstd frame does not claim the size its header does");
  }
  if (ZSTD_getDictID_fromFrame(frame.data(), frame.size()) != (dictionary == nullptr ? 0 : dictionary->number())) {
    return corrupt("the zstd frame does not go with the dictionary its header names");
  }
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return corrupt("the stored bytes are not one whole zstd frame");
  }
  return {};
}

}  // namespace

struct Compressor::State {
  std::shared_ptr<const Dictionary> dictionary;
  std::unique_ptr<ZSTD_CCtx, FreeContext> context{ZSTD_createCCtx()};
  std::string buffer;
};

Compressor::Compressor(int level, std::shared_ptr<const Dictionary> dictionary) : state_(std::make_unique<State>()) {
  ZSTD_CCtx* context = state_->context.get();
  if (context == nullptr) std::abort();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);  // clamped by zstd to what it knows
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1);
  if (dictionary == nullptr) return;
  state_->dictionary = std::move(dictionary);
  const ByteView bytes = state_->dictionary->bytes();
  // Left to itself, zstd copies a dictionary's tables, megabytes, for each frame above 32 KiB: half the speed for the same
  // bytes. A zstd that does not know the parameter is only slower.
  ZSTD_CCtx_setParameter(context, ZSTD_c_forceAttachDict, ZSTD_dictForceAttach);
  if (ZSTD_isError(ZSTD_CCtx_loadDictionary(context, bytes.data(), bytes.size()))) std::abort();  // only without memory
}

Compressor::~Compressor() = default;

Result<ByteView> Compressor::compress(ByteView raw) {
  std::string& out = state_->buffer;
  const std::size_t room = ZSTD_compressBound(raw.size());
  if (out.size() < room) out.resize(room);
  const std::size_t size = ZSTD_compress2(state_->context.get(), out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size)) return make_error(ErrorKind::failed, std::string("zstd: ") + ZSTD_getErrorName(size));
  return ByteView(out).substr(0, size);
}

void Compressor::forget_large_buffer() {
  if (state_->buffer.size() > kKeptBuffer) std::string().swap(state_->buffer);
}

const Dictionary* Compressor::dictionary() const { return state_->dictionary.get(); }

Result<std::string> decompress(ByteView frame, std::size_t raw_size, const Dictionary* dictionary, std::string room) {
  TRY(check_shape(frame, raw_size, dictionary));
  std::string raw = std::move(room);
  if (raw.capacity() < raw_size) raw = std::string();
  raw.resize(raw_size);
  const std::size_t size =
      ZSTD_decompressDCtx(decompressor(dictionary), raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size)) return corrupt(std::string("zstd: ") + ZSTD_getErrorName(size));
  if (size != raw_size) return corrupt("the zstd frame holds less than it claims");
  return raw;
}

Result<> check_unpacks_to(ByteView frame, ByteView raw, const Dictionary* dictionary) {
  TRY(check_shape(frame, raw.size(), dictionary));
  ZSTD_DCtx* context = decompressor(dictionary);
  std::array<char, 128_KiB> chunk;
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  std::size_t left = 1;
  while (left != 0) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    const std::size_t before = in.pos;
    left = ZSTD_decompressStream(context, &out, &in);
    if (ZSTD_isError(left)) return corrupt(std::string("zstd: ") + ZSTD_getErrorName(left));
    if (!raw.starts_with(ByteView(chunk.data(), out.pos))) return corrupt("the frame unpacks to other bytes");
    raw.remove_prefix(out.pos);
    if (left != 0 && out.pos == 0 && in.pos == before) return corrupt("the frame is cut off");
  }
  if (!raw.empty() || in.pos != in.size) return corrupt("the frame unpacks to other bytes");
  return {};
}

}  // namespace backstock::pack
