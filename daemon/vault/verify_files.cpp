// The part of verify that reads what stands beside packs: dictionaries and blobs.
#include "base/crypto.h"
#include "vault/verify_run.h"

namespace backstock::vault {
namespace {

bool is_blob_name(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == name.npos;
}

// What is wrong with that file; of a sample, if chance has it read.
std::optional<std::string> check_dictionary(VerifyRun& run, const std::string& name, std::uint32_t number) {
  const auto file =
      sys::read_file(*run.options.fs, sys::join(run.options.packs(), name), pack::kMaxDictionary + pack::kMaxHeader);
  if (!file && file.error().kind == ErrorKind::not_found) return "the file is missing";
  if (!file) return file.error().message;
  run.found.bytes += file->size();
  const auto bytes = pack::decode_dictionary(*file, number);
  return bytes ? std::nullopt : std::optional(bytes.error().message);
}

void check_blob(VerifyRun& run, const std::string& folder, const sys::Entry& blob) {
  ++run.found.blobs_there;
  if (!run.chance()) return;
  ++run.found.blobs;
  run.found.bytes += blob.size;
  const auto bytes =
      sys::read_file(*run.options.fs, sys::join(sys::join(run.options.blobs(), folder), blob.name), blob.size);
  const std::string file = "blobs/" + folder + "/" + blob.name;
  if (!bytes || to_hex(view(sha256(*bytes))) != blob.name) {
    run.tell_of_file(file, "blob " + blob.name, bytes ? "its bytes are not those of its name" : bytes.error().message);
  } else if (blob.name.substr(0, 2) != folder) {
    run.tell_of_file(file, "blob " + blob.name, "it stands in the folder " + folder);
  }
}

}  // namespace

void check_dictionaries(VerifyRun& run, const std::vector<sys::Entry>& entries, std::set<std::uint32_t> needed) {
  std::set<std::uint32_t> numbers = needed;
  for (const sys::Entry& entry : entries) {
    if (const auto number = pack::parse_dictionary_name(entry.name)) numbers.insert(*number);
  }
  for (const std::uint32_t number : numbers) {
    const std::string file = pack::dictionary_name(number);
    const std::string copy = pack::dictionary_copy_name(number);
    const auto wrong_file = check_dictionary(run, file, number);
    const auto wrong_copy = check_dictionary(run, copy, number);
    const auto tell = [&](const std::string& name, const std::string& other, const std::optional<std::string>& wrong,
                          bool other_is_whole) {
      if (!wrong) return;
      if (needed.count(number) == 0) {
        run.found.notes.push_back("dictionary " + name + ": " + *wrong + "; no pack needs it");
        return;
      }
      const std::string hint = other_is_whole ? "; nothing is lost yet: put a copy of " + other + " in its place"
                                              : "; bring it back from a copy of this folder";
      run.tell_of_file("packs/" + name, "dictionary " + name, *wrong + hint);
    };
    tell(file, copy, wrong_file, !wrong_copy);
    tell(copy, file, wrong_copy, !wrong_file);
  }
}

Result<> check_blobs(VerifyRun& run) {
  const auto folders = run.options.fs->list(run.options.blobs());
  if (!folders && folders.error().kind == ErrorKind::not_found) return {};
  if (!folders) return folders.error();
  for (const sys::Entry& folder : *folders) {
    if (!folder.is_folder) continue;
    for (const sys::Entry& blob : TRY(run.options.fs->list(sys::join(run.options.blobs(), folder.name)))) {
      if (run.stop.stop_requested()) return make_error(ErrorKind::cancelled, "verify was stopped");
      if (blob.is_folder || !is_blob_name(blob.name)) continue;  // nothing of ours
      check_blob(run, folder.name, blob);
    }
  }
  return {};
}

}  // namespace backstock::vault
