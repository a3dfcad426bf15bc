#include "store_api/by_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "content/item_id.h"
#include "store_api/listing.h"

namespace backstock::store_api {
namespace {

// Some ids of one batch, asked for in one request.
struct Piece {
  std::size_t batch = 0;
  std::vector<std::string> ids = {};
  bool big = false;    // one id whose answer was over the usual cap: goes out alone, under kMaxRowBody
  bool again = false;  // these were left out of an answer that did not say how many rows there are
};

class IdReader {
 public:
  IdReader(StoreClient& client, const ByIdsSpec& spec, const std::vector<std::vector<std::string>>& batches)
      : client_(client), spec_(spec) {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      found_.emplace_back(ByIdsFound{});
      if (!batches[i].empty()) open_.push_back({.batch = i, .ids = batches[i]});
    }
  }

  std::vector<Result<ByIdsFound>> run(std::stop_token stop) {
    while (!open_.empty()) {
      std::vector<Piece> round = take_round();
      std::vector<Get> gets;
      for (const Piece& piece : round) gets.push_back(request(piece));
      std::vector<Result<Reply>> replies = client_.get_many(gets, stop);
      for (std::size_t i = 0; i < round.size(); ++i) {
        Result<> settled = settle(round[i], std::move(replies[i]));
        // The first failure of a batch is the batch's.
        if (!settled && found_[round[i].batch]) found_[round[i].batch] = std::move(settled).error();
      }
    }
    return std::move(found_);
  }

 private:
  std::vector<Piece> take_round() {
    std::vector<Piece> round;
    const std::size_t at_once = std::max(1U, client_.options().max_in_flight);
    while (!open_.empty() && round.size() < at_once && !(open_.front().big && !round.empty())) {
      Piece piece = std::move(open_.front());
      open_.pop_front();
      if (!found_[piece.batch]) continue;  // its batch has failed already
      round.push_back(std::move(piece));
      if (round.back().big) break;
    }
    return round;
  }

  Get request(const Piece& piece) const {
    std::string list;
    for (const std::string& id : piece.ids) list += (list.empty() ? "" : ",") + id;
    Get get{.path = spec_.path, .query = spec_.query, .max_body = spec_.max_body, .scope = spec_.scope};
    get.query.emplace_back(spec_.id_filter, std::move(list));
    get.query.emplace_back("limit", std::to_string(piece.ids.size()));
    if (piece.big) get.max_body = std::max(kMaxRowBody, spec_.max_body);
    return get;
  }

  Result<> settle(Piece& piece, Result<Reply> reply) {
    if (!reply && reply.error().kind == ErrorKind::too_large && !piece.big) {
      if (piece.ids.size() > 1) {
        halve(piece);
      } else {
        piece.big = true;
        open_.push_front(std::move(piece));
      }
      return {};
    }
    CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
    std::unordered_set<std::string> missing(piece.ids.begin(), piece.ids.end());
    const std::size_t asked = missing.size();
    Result<> known;
    std::unordered_set<std::string> taken;
    std::erase_if(cut.page.items, [&](std::string_view item) {
      std::string id = content::read_id(item, spec_.id_field);
      if (missing.erase(id) == 0 && !taken.contains(id)) {
        known = make_error(ErrorKind::rejected,
                           fmt::format("{} answered rows that were not asked for: the store does not follow {}",
                                       spec_.path, spec_.id_filter));
      }
      return !taken.insert(std::move(id)).second;
    });
    TRY(std::move(known));
    if (!missing.empty() && asked == 1 && piece.again) {
      // The last look at one id. One row announced and none there: the row exists and was kept back. A larger total
      // counts without the filter and says nothing.
      if (cut.facts.total == std::uint64_t{1}) {
        return make_error(ErrorKind::rejected,
                          spec_.path + " announced a row for " + piece.ids.front() + " and brought none",
                          "the next run asks again; nothing was concluded from it");
      }
      missing.clear();
      found_[piece.batch]->absent.push_back(std::move(piece.ids.front()));
      return {};
    }
    if (!missing.empty() && must_ask_again(cut)) {
      // The store may have cut the answer short. What is missing gets requests of its own.
      Piece rest{.batch = piece.batch, .again = true};
      for (std::string& id : piece.ids) {
        if (missing.erase(id) > 0) rest.ids.push_back(std::move(id));
      }
      if (rest.ids.size() == asked && rest.ids.size() > 1) {
        halve(rest);
      } else {
        open_.push_front(std::move(rest));
      }
    }
    ByIdsFound& found = *found_[piece.batch];
    for (std::string& id : piece.ids) {
      if (missing.erase(id) > 0) found.absent.push_back(std::move(id));
    }
    if (!cut.page.items.empty()) found.pages.push_back(std::move(cut.page));
    return {};
  }

  // Absence leads to tombstones, so it is believed only of an answer that had room for every row. With a total: if all
  // of the total came. Without: once a request for nothing but the missing ones has brought nothing.
  static bool must_ask_again(const CutReply& cut) {
    const std::size_t rows = cut.page.items.size();
    if (cut.facts.total) return *cut.facts.total > rows;
    return rows != 0;
  }

  void halve(const Piece& piece) {
    const auto middle = piece.ids.begin() + static_cast<std::ptrdiff_t>(piece.ids.size() / 2);
    open_.push_front({.batch = piece.batch, .ids = {middle, piece.ids.end()}, .again = piece.again});
    open_.push_front({.batch = piece.batch, .ids = {piece.ids.begin(), middle}, .again = piece.again});
  }

  StoreClient& client_;
  const ByIdsSpec& spec_;
  std::vector<Result<ByIdsFound>> found_;
  std::deque<Piece> open_;
};

}  // namespace

std::vector<Result<ByIdsFound>> get_by_ids(StoreClient& client, const ByIdsSpec& spec,
                                           const std::vector<std::vector<std::string>>& batches, std::stop_token stop) {
  return IdReader(client, spec, batches).run(std::move(stop));
}

}  // namespace backstock::store_api
