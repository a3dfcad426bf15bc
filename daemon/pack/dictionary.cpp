#include "pack/dictionary.h"

#define ZDICT_STATIC_LINKING_ONLY  // the trainer's choice of algorithm; in libzstd for years
#include <zdict.h>

#include <charconv>

#include "pack/dictionary_state.h"
#include "pack/zstd_frame.h"

namespace backstock::pack {
namespace {

constexpr std::string_view kSuffix = ".dict.zst";
constexpr std::string_view kCopySuffix = ".copy.dict.zst";
constexpr int kLevelAtRest = 19;            // of the file: written once
constexpr std::size_t kFewestSamples = 16;  // fewer have nothing in common worth a file

Error corrupt(std::string what) { return make_error(ErrorKind::corrupt, std::move(what)); }

}  // namespace

Dictionary::Dictionary(std::unique_ptr<State> state) : state_(std::move(state)) {}
Dictionary::~Dictionary() = default;
std::uint32_t Dictionary::number() const { return state_->number; }
ByteView Dictionary::bytes() const { return state_->bytes; }

Result<std::shared_ptr<const Dictionary>> Dictionary::take(std::string bytes) {
  auto state = std::make_unique<State>();
  state->bytes = std::move(bytes);
  state->number = ZDICT_getDictID(state->bytes.data(), state->bytes.size());
  if (state->number == 0) return corrupt("this is no zstd dictionary");
  state->for_reading.reset(ZSTD_createDDict(state->bytes.data(), state->bytes.size()));
  if (state->for_reading == nullptr) return corrupt("zstd cannot read this dictionary");
  return std::shared_ptr<const Dictionary>(new Dictionary(std::move(state)));
}

Result<std::optional<std::string>> train_dictionary(std::string_view samples, std::span<const std::size_t> sizes,
                                                    std::size_t size, std::uint32_t number) {
  if (sizes.size() < kFewestSamples) return std::optional<std::string>();
  ZDICT_fastCover_params_t how{};
  how.k = 1024;  // the smallest of 512 to 4096 on corpus S of tests/bench/vault
  how.d = 8;
  how.f = 20;
  how.accel = 1;
  how.zParams.dictID = number;
  how.zParams.compressionLevel = 15;
  std::string dictionary(size, '\0');
  const std::size_t made = ZDICT_trainFromBuffer_fastCover(dictionary.data(), dictionary.size(), samples.data(),
                                                           sizes.data(), static_cast<unsigned>(sizes.size()), how);
  if (ZDICT_isError(made)) return std::optional<std::string>();
  dictionary.resize(made);
  return std::optional<std::string>(std::move(dictionary));
}

std::string dictionary_name(std::uint32_t number) { return std::to_string(number) + std::string(kSuffix); }
std::string dictionary_copy_name(std::uint32_t number) { return std::to_string(number) + std::string(kCopySuffix); }

std::optional<std::uint32_t> parse_dictionary_name(std::string_view name) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || number < kFirstDictionary) return std::nullopt;
  if (name != dictionary_name(number) && name != dictionary_copy_name(number)) return std::nullopt;
  return number;
}

Result<std::string> encode_dictionary(ByteView dictionary, std::uint32_t number) {
  Compressor compressor(kLevelAtRest);
  const ByteView frame = TRY(compressor.compress(dictionary));
  DictionaryHeader header;
  header.number = number;
  header.raw_size = static_cast<std::uint32_t>(dictionary.size());
  header.stored_size = static_cast<std::uint32_t>(frame.size());
  header.stored_checksum = checksum_of(frame);
  TRY(check_unpacks_to(frame, dictionary));
  return encode(header).append(frame);
}

Result<std::string> decode_dictionary(ByteView file, std::uint32_t number) {
  const DictionaryHeader header = TRY(decode_dictionary_header(file));
  if (header.number != number) return corrupt("this is dictionary " + std::to_string(header.number));
  const ByteView frame = file.substr(kDictionaryHeader);
  if (frame.size() != header.stored_size || header.raw_size > kMaxDictionary) {
    return corrupt("the dictionary's size is not what its header says");
  }
  if (checksum_of(frame) != header.stored_checksum) return corrupt("the dictionary's checksum does not hold");
  return decompress(frame, header.raw_size);
}

Result<std::shared_ptr<const Dictionary>> Dictionaries::get(std::uint32_t number) {
  auto loaded = loaded_.lock();
  if (const auto found = loaded->find(number); found != loaded->end()) return found->second;
  std::optional<Error> first;
  for (const std::string& name : {dictionary_name(number), dictionary_copy_name(number)}) {
    const sys::Path path = sys::join(folder_, name);
    const auto file = sys::read_file(fs_, path, kMaxDictionary + 64_KiB);
    auto bytes = file ? decode_dictionary(*file, number) : Result<std::string>(file.error());
    auto dictionary = bytes ? Dictionary::take(std::move(*bytes)) : std::move(bytes).error();
    if (dictionary && (*dictionary)->number() == number) {
      loaded->emplace(number, *dictionary);
      return dictionary;
    }
    if (!first) first = dictionary ? corrupt("it is another dictionary") : dictionary.error();
  }
  first->context.push_back("reading dictionary " + std::to_string(number) + " or its copy");
  return *first;
}

Result<> Dictionaries::keep(ByteView dictionary, std::uint32_t number) {
  const std::string file = TRY(encode_dictionary(dictionary, number));
  TRY(sys::replace_file(fs_, sys::join(folder_, dictionary_copy_name(number)), file));
  return sys::replace_file(fs_, sys::join(folder_, dictionary_name(number)), file);
}

}  // namespace backstock::pack
