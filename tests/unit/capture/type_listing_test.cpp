#include "capture/type_listing.h"

#include <catch2/catch.hpp>

#include "content/item_id.h"
#include "content/registry.h"
#include "unit/store_api/client_fixture.h"

using namespace backstock;
using namespace backstock::capture;

namespace {

std::string paged(const std::string& rows, int total) {
  return R"({"data":[)" + rows + R"(],"meta":{"pagination":{"total":)" + std::to_string(total) + R"(,"count":)" +
         std::to_string(total) + R"(,"per_page":250,"current_page":1,"total_pages":1}}})";
}

struct Listed {
  std::vector<std::string> ids;
  store_api::Completeness end;
  std::set<std::string> unread;
};

Listed list(store_api::ClientFixture& f, std::string_view name, TypeListing::Ask ask = {}) {
  const content::ContentType& type = *content::find_type(name);
  TypeListing listing(type, f.client, std::move(ask));
  Listed listed;
  while (true) {
    auto page = listing.next({});
    REQUIRE(page);
    if (!*page) break;
    for (const std::string_view row : (*page)->page.items)
      listed.ids.push_back(content::item_id(type, row, (*page)->parent));
  }
  listed.end = listing.completeness();
  listed.unread = listing.unread_parents();
  return listed;
}

std::string param(const net::HttpRequest& request, std::string_view name) {
  return testing::query_value(request.url, name);
}

// Two channels, of which the second has no templates list.
void serve_templates(store_api::ClientFixture& f) {
  f.transport.on("/v3/channels", [](const net::HttpRequest&) {
    return testing::json_reply(200, paged(R"({"id":1,"name":"Shop"},{"id":7,"name":"POS"})", 2));
  });
  f.transport.on("/v3/marketing/email-templates", [](const net::HttpRequest& request) {
    if (param(request, "channel_id") == "7") return testing::json_reply(404, R"({"status":404})");
    return testing::json_reply(200, R"({"data":[{"type_id":"invoice_email"},{"type_id":"return_email"}]})");
  });
}

}  // namespace

TEST_CASE("below parents every item carries its parent's id, and those without one are global") {
  store_api::ClientFixture f;
  serve_templates(f);
  const Listed listed = list(f, "email_templates");
  CHECK(listed.ids ==
        std::vector<std::string>{"global/invoice_email", "global/return_email", "1/invoice_email", "1/return_email"});
  CHECK(listed.end.complete);
  CHECK(listed.unread == std::set<std::string>{"7"});
}

TEST_CASE("only the parents asked for are read") {
  store_api::ClientFixture f;
  serve_templates(f);
  CHECK(list(f, "email_templates", {.parents = {"1"}}).ids.front() == "1/invoice_email");
  CHECK(list(f, "email_templates", {.parents = {"1"}}).ids.size() == 2);
}

TEST_CASE("a list of parents that was not whole makes the listing incomplete") {
  store_api::ClientFixture f;
  f.transport.on("/v3/channels", [](const net::HttpRequest&) {
    return testing::json_reply(200, paged(R"({"id":1,"name":"Shop"})", 2));
  });
  serve_templates(f);
  const Listed listed = list(f, "email_templates");
  CHECK_FALSE(listed.end.complete);
  CHECK(listed.end.why_not.find("channels") != std::string::npos);
}

TEST_CASE("further passes add what the plain list leaves out, once") {
  store_api::ClientFixture f;
  f.transport.on("/v2/orders", [](const net::HttpRequest& request) {
    if (!param(request, "max_id").empty()) return testing::plain_reply(204, "");
    if (param(request, "is_deleted") == "true") return testing::json_reply(200, R"([{"id":5,"is_deleted":true}])");
    if (param(request, "status_id") == "0")
      return testing::json_reply(200, R"([{"id":9,"status_id":0},{"id":8,"status_id":0}])");
    return testing::json_reply(200, R"([{"id":9,"status_id":0},{"id":6,"status_id":2}])");
  });
  const Listed listed = list(f, "orders");
  CHECK(listed.ids == std::vector<std::string>{"9", "6", "5", "8"});
  CHECK(listed.end.complete);
}

TEST_CASE("a pass whose query the store ignores ends at its first page, and one that it refuses gives nothing") {
  store_api::ClientFixture f;
  std::size_t ignored = 0;
  f.transport.on("/v2/orders", [&](const net::HttpRequest& request) {
    if (param(request, "status_id") == "0") return testing::json_reply(400, R"([{"status":400,"message":"no"}])");
    if (param(request, "is_deleted") == "true") ++ignored;
    if (!param(request, "max_id").empty()) return testing::plain_reply(204, "");
    return testing::json_reply(200, R"([{"id":9,"status_id":1,"is_deleted":false}])");
  });
  const Listed listed = list(f, "orders");
  CHECK(listed.ids == std::vector<std::string>{"9"});
  CHECK(listed.end.complete);
  CHECK(ignored == 1);
}

TEST_CASE("without further passes only the plain list is walked") {
  store_api::ClientFixture f;
  f.transport.on("/v2/orders", [](const net::HttpRequest& request) {
    CHECK(param(request, "is_deleted").empty());
    CHECK(param(request, "min_date_modified") == "2026-01-01T00:00:00+00:00");
    return testing::plain_reply(204, "");
  });
  CHECK(list(f, "orders", {.query = {{"min_date_modified", "2026-01-01T00:00:00+00:00"}}, .further_passes = false})
            .ids.empty());
}
