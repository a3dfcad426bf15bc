#include "vault/pack_to_index.h"

#include "base/json.h"
#include "index/run_rows.h"
#include "vault/version_line.h"

namespace backstock::vault {
namespace {

constexpr std::uint64_t kBytesPerTransaction = 64_MiB;

Result<index::Added> apply_line(const Options& options, index::ItemWriter& writer, const StoredVersion& version,
                                std::int64_t frame_key, std::size_t at_byte) {
  index::NewVersionRow row;
  row.type = version.meta.type;
  row.id = version.meta.id;
  row.version = version.meta.version;
  row.at = version.meta.at;
  row.gone = version.meta.gone;
  row.source = version.meta.source;
  row.run = version.meta.run;
  std::optional<ContentHash> content;
  if (!row.gone && options.content_hash) content = options.content_hash(version);
  if (content) {
    row.hash = view(content->hash);
    row.scheme = content->scheme;
  }
  row.frame_key = frame_key;
  row.at_byte = static_cast<std::uint32_t>(at_byte);
  row.size = static_cast<std::uint32_t>(version.line.size());
  if (!row.gone && options.labels) row.labels = options.labels(version.meta.type, version.item);
  return writer.add_version(row);
}

Result<> make_durable(const Options& options, const pack::PackReader& reader) {
  const sys::Path path = sys::join(options.packs(), pack::pack_name(reader.header().number));
  const auto file = TRY(options.fs->open_read(path));
  TRY(file->sync());
  return options.fs->sync_folder(options.packs());
}

}  // namespace

void for_each_line(std::string_view raw, const std::function<void(std::string_view, std::size_t)>& take) {
  std::size_t at = 0;
  while (at < raw.size()) {
    const auto end = std::min(raw.find('\n', at), raw.size());
    take(raw.substr(at, end - at), at);
    at = end + 1;
  }
}

Result<std::uint64_t> apply_frame(const Options& options, index::Connection& connection, index::ItemWriter& writer,
                                  const pack::FrameContent& frame, std::vector<std::string>& bad_lines) {
  Result<> worked;
  std::uint64_t versions = 0;
  if (frame.header.kind == pack::FrameKind::control) {
    for_each_line(frame.raw, [&](std::string_view line, std::size_t) {
      if (!worked) return;
      const auto record = parse_json(line, "a control record");
      if (!record || !record->is_object()) {
        bad_lines.emplace_back("a control record is not JSON");
      } else {
        worked = index::apply_control(connection, *record);
      }
    });
    TRY(std::move(worked));
    return versions;
  }
  const std::int64_t frame_key =
      TRY(writer.add_frame({frame.place.pack, frame.place.offset, frame.place.header_size, frame.place.stored_size}));
  for_each_line(frame.raw, [&](std::string_view line, std::size_t at) {
    if (!worked) return;
    const auto version = parse_version_line(line);
    if (!version) {
      bad_lines.push_back(version.error().message);
      return;
    }
    const auto added = apply_line(options, writer, *version, frame_key, at);
    if (!added) {
      worked = added.error();
    } else if (*added == index::Added::fresh) {
      ++versions;
    } else if (*added == index::Added::clash) {
      bad_lines.push_back("there is another version " + std::to_string(version->meta.version) + " of " +
                          version->meta.type + " " + version->meta.id);
    }
  });
  TRY(std::move(worked));
  return versions;
}

Result<PackState> apply_pack(const Options& options, index::Connection& connection, const pack::PackReader& reader,
                             std::uint64_t from, std::uint32_t frames_before, const ApplyWatch& watch) {
  const auto writer = TRY(index::ItemWriter::open(connection));
  PackState state;
  state.header = reader.header();
  const std::uint64_t number = state.header.number;
  if (TRY(reader.file_size()) > from) TRY(make_durable(options, reader));
  pack::PackWalk walk(reader, from == 0 ? reader.header_size() : from);
  const auto set_row = [&] {
    state.end = walk.end();
    state.frames =
        walk.next_sequence() != 0 ? walk.next_sequence() : frames_before + static_cast<std::uint32_t>(walk.frames());
    state.sealed = walk.sealed();
    return writer->set_pack({number, std::string(view(state.header.identity)), state.end, state.frames, state.sealed});
  };
  bool more = true;
  while (more) {
    index::Transaction transaction = TRY(index::Transaction::begin(connection));
    TRY(set_row());  // frames point at it
    const std::uint64_t begun = walk.end();
    while (more && walk.end() - begun < kBytesPerTransaction) {
      if (watch.stop.stop_requested()) {
        return make_error(ErrorKind::cancelled, "reading the packs into the index was stopped",
                          "the next time it goes on behind the packs that were finished");
      }
      const auto step = TRY(walk.next());
      if (watch.tell) watch.tell(walk.end());
      more = step.has_value();
      if (!more) break;
      if (step->damage) {
        state.damage.push_back(*step->damage);
        continue;
      }
      std::vector<std::string> bad_lines;
      state.versions += TRY(apply_frame(options, connection, *writer, *step->frame, bad_lines));
      for (const std::string& what : bad_lines) {
        const pack::FramePlace& place = step->frame->place;
        state.damage.push_back({number, place.offset, place.header_size + place.stored_size,
                                step->frame->header.content_type, 1, false, what});
      }
    }
    TRY(set_row());
    TRY(transaction.commit());
  }
  state.clean = TRY(reader.file_size()) == state.end || state.sealed;
  return state;
}

}  // namespace backstock::vault
