// `backstock verify`, `rebuild`, `pack show`, `pack cat`: the tools for the bad day.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "pack/pack_reader.h"
#include "vault/rebuild.h"
#include "vault/verify.h"

namespace backstock::cli {
namespace {

vault::ByteProgress show_bytes(ProgressLine& line, const std::string& what, Clock& clock) {
  return [&line, what, &clock](std::uint64_t done, std::uint64_t total) {
    line.show_text(fmt::format("{}: {} of {}", what, describe_size(done), describe_size(total)), clock.ticks(), false);
  };
}

// A share in percent, or a size with a unit.
Result<vault::Sample> parse_sample(const std::string& text) {
  vault::Sample sample;
  if (text.empty()) return sample;
  const auto wrong = [&] {
    return make_error(ErrorKind::bad_input, "\"" + text + "\" is no share and no size",
                      "give --sample as a share such as 5%, or as a size such as 500MB or 2GB");
  };
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number > 0) || number > 1e15) return wrong();
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "%") {
    if (number > 100) return wrong();
    sample.share = number / 100;
    return sample;
  }
  for (const auto& [name, factor] : {std::pair{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}}) {
    if (unit == name) sample.bytes = static_cast<ByteCount>(number * factor);
  }
  if (!sample.bytes) return wrong();
  return sample;
}

Json to_json(const std::string& store, const vault::Verified& verified) {
  Json findings = Json::array();
  for (const vault::Finding& finding : verified.findings)
    findings.push_back(Json{{"subject", finding.subject},
                            {"what", finding.what},
                            {"lost", finding.lost},
                            {"lost_count", finding.lost_count}});
  Json json{{"store", store},
            {"packs", verified.packs},
            {"frames", verified.frames},
            {"versions", verified.versions},
            {"blobs", verified.blobs},
            {"removed_packs", verified.removed_packs},
            {"removed_versions", verified.removed_versions},
            {"bytes", verified.bytes},
            {"findings", std::move(findings)},
            {"notes", verified.notes}};
  if (verified.sampled)
    json["sample_of"] =
        Json{{"frames", verified.frames_there}, {"blobs", verified.blobs_there}, {"bytes", verified.bytes_there}};
  return json;
}

std::string describe_read(const vault::Verified& verified) {
  if (!verified.sampled)
    return fmt::format("{} versions in {} frames of {} packs, {} blobs, {}: ", describe_count(verified.versions),
                       describe_count(verified.frames), verified.packs, describe_count(verified.blobs),
                       describe_size(verified.bytes));
  const double there = static_cast<double>(std::max<std::uint64_t>(verified.bytes_there, 1));
  return fmt::format("a sample of {:.1f} % ({} of {}): {} versions in {} of {} frames of {} packs, {} of {} blobs: ",
                     100 * static_cast<double>(verified.bytes) / there, describe_size(verified.bytes),
                     describe_size(verified.bytes_there), describe_count(verified.versions),
                     describe_count(verified.frames), describe_count(verified.frames_there), verified.packs,
                     describe_count(verified.blobs), describe_count(verified.blobs_there));
}

// What helps, by what the findings are of.
std::string describe_remedy(const std::string& store, const vault::Verified& verified) {
  const bool files = std::any_of(verified.findings.begin(), verified.findings.end(),
                                 [](const auto& finding) { return finding.of == vault::Finding::Of::file; });
  const bool index = std::any_of(verified.findings.begin(), verified.findings.end(),
                                 [](const auto& finding) { return finding.of == vault::Finding::Of::index; });
  if (!files && !index) return "";  // of what retention removed: nothing helps, and nothing needs it
  if (!files) return "  No pack is damaged: `backstock rebuild " + store + "` makes the index again from them.\n";
  return "  Copy the folder away as it is. Then stop the daemon, run `backstock repair " + store +
         "`, which saves what is whole and changes no damaged file, and `backstock backup " + store +
         " --full`, which stores anew what the store still has.\n";
}

void print_verified(const std::string& store, const vault::Verified& verified, std::FILE* out) {
  print(out, store + ": " + describe_read(verified));
  print(out, verified.findings.empty() ? (verified.sampled ? "what was read is as written.\n" : "all as written.\n")
             : verified.findings.size() == 1 ? std::string("1 damaged place.\n")
                                             : fmt::format("{} damaged places.\n", verified.findings.size()));
  if (verified.removed_packs > 0) {
    print(out, fmt::format("  Among it {} versions that retention has removed, in {} packs.\n",
                           describe_count(verified.removed_versions), verified.removed_packs));
  }
  for (const vault::Finding& finding : verified.findings) {
    print(out, fmt::format("  {}: {}\n", finding.subject, printable(finding.what, 500)));
    for (const std::string& lost : finding.lost) print(out, "    cannot be read: " + printable(lost, 200) + "\n");
    if (finding.lost_count > finding.lost.size())
      print(out, fmt::format("    ... and {} more versions\n", finding.lost_count - finding.lost.size()));
  }
  for (const std::string& note : verified.notes) print(out, "  note: " + note + "\n");
  if (!verified.findings.empty()) print(out, describe_remedy(store, verified));
}

struct OpenedPack {
  sys::Path folder;
  std::uint64_t number;
};

Result<OpenedPack> locate(const std::string& file) {
  const auto slash = file.rfind('/');
  const auto number = pack::parse_pack_name(slash == file.npos ? file : file.substr(slash + 1));
  if (!number)
    return make_error(ErrorKind::bad_input, "\"" + file + "\" is not named like a pack",
                      "give a file such as packs/00000001.pack.zst");
  return OpenedPack{slash == file.npos ? "." : file.substr(0, slash), *number};
}

// Calls with each frame or damage of the file; gives 1 when there was damage.
Result<int> walk_pack(const PackArguments& arguments, Surroundings& s,
                      const std::function<void(const pack::PackReader&)>& begin,
                      const std::function<void(const pack::FrameContent&)>& take) {
  const OpenedPack where = TRY(locate(arguments.file));
  const auto reader = TRY(pack::PackReader::open(*s.fs, where.folder, where.number));
  begin(*reader);
  pack::PackWalk walk(*reader, reader->header_size());
  int code = 0;
  while (const auto step = TRY(walk.next())) {
    if (step->frame) {
      take(*step->frame);
    } else {
      code = 1;
      print(s.err, fmt::format("backstock: bytes {} to {} cannot be read: {}\n", step->damage->offset,
                               step->damage->offset + step->damage->size, step->damage->what));
    }
  }
  return code;
}

}  // namespace

Result<int> verify_command(const VerifyArguments& arguments, Surroundings& s) {
  const vault::Sample sample = TRY(parse_sample(arguments.sample));
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  Json json = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    ProgressLine line(s.err, s.err_is_terminal);
    const auto verified =
        vault::verify(store.vault, show_bytes(line, store.name + " verify", *s.clock), s.stop, sample);
    line.finish();
    if (!verified) {
      code = 1;
      print(s.err, "backstock: " + store.name + ": " + verified.error().sentence() + "\n");
      continue;
    }
    if (!verified->findings.empty()) code = 1;
    if (arguments.json) {
      json.push_back(to_json(store.name, *verified));
    } else {
      print_verified(store.name, *verified, s.out);
    }
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

Result<int> rebuild_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    ProgressLine line(s.err, s.err_is_terminal);
    const auto rebuilt =
        vault::rebuild_index_locked(store.vault, show_bytes(line, store.name + " rebuild", *s.clock), s.stop);
    line.finish();
    if (!rebuilt && rebuilt.error().kind == ErrorKind::not_found) {
      print(s.err, "backstock: " + store.name + ": there is no backup in " + store.vault.folder +
                       " yet - run `backstock backup`\n");
      code = std::max(code, 1);
      continue;
    }
    if (!rebuilt) return rebuilt.error();
    print(s.out, fmt::format("{}: the index was made again from {} packs: {} versions.\n", store.name, rebuilt->packs,
                             describe_count(rebuilt->versions)));
    if (rebuilt->taken_over != 0)
      print(s.out, fmt::format("  {} of them had been read by a rebuild that was interrupted.\n", rebuilt->taken_over));
    for (const std::string& finding : rebuilt->findings) {
      code = 1;
      print(s.out, "  " + finding + "\n");
    }
  }
  return code;
}

Result<int> pack_show_command(const PackArguments& arguments, Surroundings& s) {
  const auto begin = [&](const pack::PackReader& reader) {
    const pack::PackHeader& h = reader.header();
    print(s.out, fmt::format("pack {}  format {}  store {}  made {}  identity {}\n", h.number, h.version, h.store_hash,
                             format_rfc3339(from_ms(h.created_ms)), to_hex(view(h.identity))));
    if (h.predecessor)
      print(s.out, fmt::format("follows pack {}, which ended at byte {}\n", h.predecessor->number, h.predecessor->end));
  };
  return walk_pack(arguments, s, begin, [&](const pack::FrameContent& f) {
    print(s.out, fmt::format("frame {:>6}  at {:>12}  {:>10} stored  {:>10} raw  {:>6} lines  {}\n", f.header.sequence,
                             f.place.offset, f.header.stored_size, f.header.raw_size, f.header.lines,
                             f.header.kind == pack::FrameKind::control ? "(control records)" : f.header.content_type));
  });
}

Result<int> pack_cat_command(const PackArguments& arguments, Surroundings& s) {
  return walk_pack(
      arguments, s, [](const pack::PackReader&) {}, [&](const pack::FrameContent& f) { print(s.out, f.raw); });
}

}  // namespace backstock::cli
