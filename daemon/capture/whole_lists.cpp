#include "capture/whole_lists.h"

#include <algorithm>

#include "base/json_text.h"
#include "capture/list_request.h"
#include "content/item_id.h"
#include "store_api/listing.h"

namespace backstock::capture {
namespace {

constexpr int kWalks = 3;  // a list that changed while it was walked is walked again

// A row marked as JSON text (one byte before it) or not: only then may it stand in a line as it is.
constexpr char kTextual = 't';
constexpr char kBinary = 'b';

void append_row(FetchedPart& part, std::string_view row, bool textual) {
  if (part.bytes.size() > 1) part.bytes += ',';
  part.textual = part.textual && textual;
  part.bytes.append(row);
}

}  // namespace

std::vector<std::string> values_at(std::string_view item, std::string_view path) {
  const auto dot = path.find('.');
  std::string_view head = path.substr(0, dot);
  const std::string_view rest = dot == path.npos ? std::string_view() : path.substr(dot + 1);
  const bool each = head.ends_with("[]");
  if (each) head.remove_suffix(2);
  std::vector<std::string> values;
  const auto value = json_text::find(item, head);
  if (!value) return values;
  const auto take = [&](std::string_view one) {
    if (rest.empty()) {
      if (std::string label = json_text::as_label(one); !label.empty()) values.push_back(std::move(label));
    } else {
      for (std::string& inner : values_at(one, rest)) values.push_back(std::move(inner));
    }
    return true;
  };
  if (each) {
    json_text::for_each_element(*value, take);
  } else {
    take(*value);
  }
  return values;
}

Result<std::uint64_t> WholeLists::load(std::stop_token stop) {
  std::uint64_t requests = 0;
  loaded_.clear();
  is_loaded_ = true;
  for (const content::Part& part : type_->parts) {
    if (part.from == content::PartFrom::whole_list)
      requests += TRY(load_part(part, stop)
                          .context("reading the " + std::string(part.label) + " of all " + std::string(type_->label)));
  }
  return requests;
}

Result<std::uint64_t> WholeLists::load_part(const content::Part& part, std::stop_token stop) {
  std::string why_not;
  for (int walk = 0; walk < kWalks; ++walk) {
    auto rows = TRY(vault::Scratch::create(*options_));
    store_api::Listing listing(*client_, part_list(*type_, part, part.path));
    std::string marked;
    while (const auto page = TRY(listing.next(stop))) {
      const bool textual = page->findings.valid_utf8 && !page->findings.control_in_string;
      for (const std::string_view row : page->items) {
        marked.assign(1, textual ? kTextual : kBinary).append(row);
        const std::string owner = content::read_id(row, part.join_key);
        if (owner.empty()) {
          return make_error(ErrorKind::rejected, "a row came without " + std::string(part.join_key),
                            "nothing was concluded from the list; the next run tries again");
        }
        TRY(rows->put(owner, marked));
      }
    }
    if (listing.completeness().complete) {
      const std::uint64_t count = rows->rows();
      loaded_.push_back({&part, std::move(rows)});
      return std::max<std::uint64_t>(1, (count + part.page_limit - 1) / part.page_limit);
    }
    why_not = listing.completeness().why_not;
  }
  return make_error(ErrorKind::unreachable,
                    "the list was not whole in " + std::to_string(kWalks) + " walks: " + why_not,
                    "nothing was concluded from it; the next run tries again");
}

std::map<std::string, std::uint64_t> WholeLists::row_counts() const {
  std::map<std::string, std::uint64_t> counts;
  for (const Loaded& one : loaded_) counts[std::string(one.part->name)] = one.rows->rows();
  return counts;
}

Result<> WholeLists::append_rows(FetchedItem& item, std::stop_token stop) {
  for (const content::Part& part : type_->parts) {
    if (part.from != content::PartFrom::whole_list) continue;
    FetchedPart rows{std::string(part.name), "[", true};
    TRY(read_rows(part, item, rows, stop));
    if (rows.bytes.size() == 1) continue;
    rows.bytes += ']';
    item.parts.push_back(std::move(rows));
  }
  return {};
}

Result<> WholeLists::read_rows(const content::Part& part, const FetchedItem& item, FetchedPart& into,
                               std::stop_token stop) {
  const auto loaded =
      std::find_if(loaded_.begin(), loaded_.end(), [&](const Loaded& one) { return one.part == &part; });
  const std::vector<std::string> owners =
      part.owner_ids == "id" ? std::vector<std::string>{item.id} : values_at(item.bytes, part.owner_ids);
  for (const std::string& owner : owners) {
    if (is_loaded_) {
      TRY(loaded->rows->for_each(
          owner, [&](std::string_view marked) { append_row(into, marked.substr(1), marked.front() == kTextual); }));
      continue;
    }
    store_api::ListSpec spec = part_list(*type_, part, part.owner_path, {.id = item.id, .owner = owner});
    spec.paging = part.owner_paging;
    store_api::Listing listing(*client_, std::move(spec));
    while (const auto page = TRY(listing.next(stop))) {
      const bool textual = page->findings.valid_utf8 && !page->findings.control_in_string;
      for (const std::string_view row : page->items) append_row(into, row, textual);
    }
    if (!listing.completeness().complete) {
      return make_error(ErrorKind::unreachable,
                        "the list of the " + std::string(part.label) + " of " + std::string(type_->name) + " " +
                            item.id + " was not whole: " + listing.completeness().why_not,
                        "nothing was concluded from it; try again");
    }
  }
  return {};
}

}  // namespace backstock::capture
