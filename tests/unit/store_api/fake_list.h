// One list of a store, in the forms BigCommerce's lists have, with lies on demand.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "client_fixture.h"
#include "content/item_id.h"
#include "store_api/listing.h"

namespace backstock::store_api {

struct FakeList {
  std::vector<std::int64_t> ids;
  std::map<std::int64_t, std::size_t> padding;  // bytes more in that row
  std::size_t cap = 250;                        // most rows per page
  bool knows_filter = true;                     // id:greater
  bool knows_sort = true;
  bool knows_page = true;
  bool total_ignores_filter = false;
  bool tells_pagination = true;
  bool tells_per_page = true;
  bool cursor_links = true;                                         // the form with links; else just end_cursor
  std::function<void(FakeList&, std::size_t request)> before = {};  // requests counted from 1
  std::size_t requests = 0;

  static FakeList of(std::int64_t count) {
    FakeList list;
    list.ids.resize(static_cast<std::size_t>(count));
    std::iota(list.ids.begin(), list.ids.end(), 1);
    return list;
  }

  void serve(testing::ScriptedTransport& transport) {
    transport.on("/v3/numbers", [this](const net::HttpRequest& r) { return numbers(r.url, r.max_body); });
    transport.on("/v3/cursors", [this](const net::HttpRequest& r) { return cursors(r.url); });
    transport.on("/v2/", [this](const net::HttpRequest& r) { return v2(r.url); });
  }

 private:
  static std::size_t number(const std::string& url, std::string_view name, std::size_t otherwise) {
    const std::string text = testing::query_value(url, name);
    return text.empty() ? otherwise : std::stoul(text);
  }

  std::string rows(const std::vector<std::int64_t>& from, std::size_t offset, std::size_t limit) const {
    std::string out = "[";
    for (std::size_t i = offset; i < std::min(from.size(), offset + limit); ++i) {
      const auto pad = padding.find(from[i]);
      out += (out.size() > 1 ? ", " : "") + ("{\"id\": " + std::to_string(from[i])) + ", \"price\": 19.9900";
      if (pad != padding.end()) out += ", \"pad\": \"" + std::string(pad->second, 'x') + "\"";
      out += "}";
    }
    return out + "]";
  }

  Result<net::HttpReply> numbers(const std::string& url, ByteCount max_body) {
    ++requests;
    if (before) before(*this, requests);
    std::vector<std::int64_t> chosen = ids;
    if (knows_sort && testing::query_value(url, "sort") == "id") std::sort(chosen.begin(), chosen.end());
    const std::string after = testing::query_value(url, "id:greater");
    if (knows_filter && !after.empty()) std::erase_if(chosen, [&](auto id) { return id <= std::stoll(after); });
    if (const std::string in = testing::query_value(url, "id:in"); !in.empty() && knows_filter) {
      std::erase_if(chosen, [&](auto id) { return ("," + in + ",").find("," + std::to_string(id) + ",") == in.npos; });
    }
    const std::size_t limit = std::min(cap, number(url, "limit", 50));
    const std::size_t page = knows_page ? number(url, "page", 1) : 1;
    ByteCount bulk = 0;  // known beforehand, so that a page of 200 MB need not be made to be refused
    for (std::size_t i = (page - 1) * limit; i < std::min(chosen.size(), page * limit); ++i) {
      if (const auto pad = padding.find(chosen[i]); pad != padding.end()) bulk += pad->second;
    }
    if (bulk > max_body) return make_error(ErrorKind::too_large, "over max_body");
    const std::size_t total = total_ignores_filter ? ids.size() : chosen.size();
    std::string body = "{\"data\": " + rows(chosen, (page - 1) * limit, limit) + ", \"meta\": {";
    if (tells_pagination) {
      body += "\"pagination\": {\"total\": " + std::to_string(total);
      if (tells_per_page) body += ", \"per_page\": " + std::to_string(limit);
      body += ", \"current_page\": " + std::to_string(page) +
              ", \"total_pages\": " + std::to_string((total + limit - 1) / limit) + "}";
    }
    return testing::json_reply(200, body + "}}");
  }

  Result<net::HttpReply> cursors(const std::string& url) {
    ++requests;
    if (before) before(*this, requests);
    const std::size_t offset = number(url, "after", 0);
    const std::size_t limit = std::min(cap, number(url, "limit", 50));
    const std::size_t end = std::min(ids.size(), offset + limit);
    const bool more = end < ids.size();
    std::string body = "{\"data\": " + rows(ids, offset, limit) +
                       ", \"meta\": {\"cursor_pagination\": {\"count\": " + std::to_string(end - offset) +
                       ", \"per_page\": " + std::to_string(limit);
    if (cursor_links) {
      body += ", \"end_cursor\": \"" + std::to_string(end) + "\", \"links\": {";
      if (more) body += "\"next\": \"?after=" + std::to_string(end) + "\"";
      body += "}";
    } else {
      body += ", \"end_cursor\": " + (more ? "\"" + std::to_string(end) + "\"" : std::string("null"));
    }
    return testing::json_reply(200, body + "}}}");
  }

  Result<net::HttpReply> v2(const std::string& url) {
    ++requests;
    if (before) before(*this, requests);
    const std::size_t limit = std::min(cap, number(url, "limit", 50));
    std::vector<std::int64_t> chosen = ids;
    if (knows_sort && testing::query_value(url, "sort") == "id:desc")
      std::sort(chosen.begin(), chosen.end(), std::greater<>());
    const std::string most = testing::query_value(url, "max_id");
    if (knows_filter && !most.empty()) std::erase_if(chosen, [&](auto id) { return id > std::stoll(most); });
    const std::size_t offset = ((knows_page ? number(url, "page", 1) : 1) - 1) * limit;
    if (offset >= chosen.size()) return testing::plain_reply(204, "");
    return testing::json_reply(200, rows(chosen, offset, limit));
  }
};

struct Walked {
  std::vector<std::string> ids;
  Completeness end;
  std::optional<Error> error;
};

inline Walked walk(StoreClient& client, ListSpec spec) {
  Listing listing(client, std::move(spec));
  Walked walked;
  while (true) {
    auto page = listing.next({});
    if (!page) {
      walked.error = page.error();
      break;
    }
    if (!*page) break;
    const Page moved = std::move(**page);
    for (const std::string_view item : moved.items) walked.ids.push_back(content::read_id(item, "id"));
  }
  walked.end = listing.completeness();
  return walked;
}

inline std::vector<std::string> as_text(const std::vector<std::int64_t>& ids) {
  std::vector<std::string> text;
  for (const auto id : ids) text.push_back(std::to_string(id));
  return text;
}

inline std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace backstock::store_api
