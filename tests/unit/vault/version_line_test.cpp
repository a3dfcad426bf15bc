#include "vault/version_line.h"

#include <catch2/catch.hpp>

#include "base/json.h"
#include "base/json_text.h"
#include "base/random.h"
#include "support/vault_world.h"

namespace backstock::vault {
namespace {

using testing::meta_of;
using testing::must;

VersionMeta full_meta() {
  VersionMeta meta = meta_of("products", "77", 1795269900123);
  meta.version = 4;
  return meta;
}

std::string line_of(const VersionMeta& meta, const RawText& item, std::span<const NamedText> parts = {}) {
  std::string out;
  append_version_line(out, meta, item, parts);
  REQUIRE(out.back() == '\n');
  out.pop_back();
  CHECK(out.find('\n') == std::string::npos);
  CHECK(out.find('\r') == std::string::npos);
  return out;
}

// How the recorder keeps bytes: as JSON where JSON can carry them.
RawText keep(std::string_view bytes) {
  const auto findings = json_text::check(bytes);
  return {bytes, findings && findings->valid_utf8 && !findings->control_in_string};
}

TEST_CASE("every field of a version's line comes back") {
  const VersionMeta meta = full_meta();
  const std::string item = R"({"id":77})";
  const StoredVersion back = must(parse_version_line(line_of(meta, {item})));
  CHECK(back.meta.type == "products");
  CHECK(back.meta.id == "77");
  CHECK(back.meta.version == 4);
  CHECK(back.meta.at == 1795269900123);
  CHECK(back.meta.source == "full");
  CHECK(back.meta.run == "01RUN");
  CHECK_FALSE(back.meta.gone);
  CHECK(back.item == item);
  CHECK(back.parts.empty());
  CHECK(back.line == line_of(meta, {item}));
}

TEST_CASE("what JSON can carry comes back byte for byte") {
  const char* items[] = {R"({"price":19.9900,"small":1e2,"big":123456789012345678901234567890,"neg":-0.0})",
                         R"({"a":1,"a":2,"":3})",
                         R"({"text":"quote \" slash \\ solidus \/ \u00e4 \ud83c\udf4f \ud800 tab \t"})",
                         R"({ "spaced" :	[ 1 ,2 ] , "x":{ } })",
                         R"({"utf8":"Äpfel 水 🍏","del":""})",
                         R"([])",
                         R"("only a string")",
                         R"(null)",
                         R"(true)",
                         R"(12.50)",
                         R"({"deep":[[[[[[{"item":"}","hash":"x"}]]]]]],"gone":true,"parts":{"a":1}})",
                         R"({"looks":"like\",\"item\":{\"evil\":1}}"})"};
  for (const std::string item : items) {
    INFO(item);
    const RawText raw = keep(item);
    CHECK(raw.textual);
    const std::string line = line_of(full_meta(), raw);
    CHECK(must(parse_version_line(line)).item == item);
    CHECK(line.find(item) != std::string::npos);  // zstdcat shows it as it was
    CHECK(json_text::check(line));
  }
}

TEST_CASE("line breaks between tokens become spaces, and nothing else changes") {
  const std::string item = "{\r\n  \"a\": 1,\n\t\"b\":\r2\n}";
  CHECK(must(parse_version_line(line_of(full_meta(), keep(item)))).item == "{    \"a\": 1, \t\"b\": 2 }");
}

TEST_CASE("bytes that JSON cannot carry are kept in base64, exact to the byte") {
  const std::string items[] = {std::string("{\"a\":\"line\nbreak\"}"),    std::string("{\"a\":\"caf\xE9\"}"),
                               std::string("{\"a\":\"zero\0byte\"}", 17), std::string("{\"a\":\"\xF0\x9F\x8D\"}"),
                               std::string("not JSON at all\r\n"),        std::string()};
  for (const std::string& item : items) {
    const RawText raw = keep(item);
    CHECK_FALSE(raw.textual);
    const std::string line = line_of(full_meta(), raw);
    CHECK(line.find("\"item_base64\":") != std::string::npos);
    CHECK(must(parse_version_line(line)).item == item);
    CHECK(json_text::check(line)->valid_utf8);
  }
}

TEST_CASE("any bytes at all come back") {
  SeededRandom random(testing::seed_from_environment(11));
  for (int round = 0; round < 2000; ++round) {
    std::string item(random.next() % 60, '\0');
    for (char& c : item) c = static_cast<char>(random.next());
    std::string part(random.next() % 60, '\0');
    for (char& c : part) c = static_cast<char>(random.next());
    const NamedText parts[] = {{"p", {part, false}}};
    const StoredVersion back = must(parse_version_line(line_of(full_meta(), {item, false}, parts)));
    REQUIRE(back.item == item);
    REQUIRE(back.parts.size() == 1);
    REQUIRE(back.parts[0].bytes == part);
  }
}

TEST_CASE("parts come back under their names, textual and binary ones side by side") {
  const std::string broken = "[\"\xFF\"]";
  const NamedText parts[] = {{"variants", {"[{\"price\":1.10}]"}},
                             {"images", {broken, false}},
                             {"odd \"name\"\n", {"[ ]"}},
                             {"options", {"null"}},
                             {"empty", {"", false}}};
  const StoredVersion back = must(parse_version_line(line_of(full_meta(), {"{}"}, parts)));
  REQUIRE(back.parts.size() == 5);
  const auto part = [&](std::string_view name) {
    for (const StoredPart& stored : back.parts) {
      if (stored.name == name) return stored.bytes;
    }
    return std::string("missing");
  };
  for (const NamedText& expected : parts) CHECK(part(expected.name) == expected.value.bytes);
}

TEST_CASE("a tombstone has no item") {
  VersionMeta meta = full_meta();
  meta.gone = true;
  const std::string line = line_of(meta, {"ignored"});
  CHECK(line ==
        R"({"type":"products","id":"77","version":4,"at":1795269900123,"source":"full","run":"01RUN","gone":true})");
  const StoredVersion back = must(parse_version_line(line));
  CHECK(back.meta.gone);
  CHECK(back.item.empty());
}

TEST_CASE("ids, sources and runs of any text come back") {
  VersionMeta meta = full_meta();
  meta.type = "odd \"type\"";
  meta.id = "a/b\\c\n\t\"水";
  meta.source = "\x01";
  meta.run = "";
  meta.at = -5;
  meta.version = 0xFFFFFFFF;
  const StoredVersion back = must(parse_version_line(line_of(meta, {"{}"})));
  CHECK(back.meta.type == meta.type);
  CHECK(back.meta.id == meta.id);
  CHECK(back.meta.source == meta.source);
  CHECK(back.meta.run.empty());
  CHECK(back.meta.at == -5);
  CHECK(back.meta.version == 0xFFFFFFFF);
}

TEST_CASE("a line that was cut off anywhere is corrupt") {
  const NamedText parts[] = {{"variants", {"[{\"price\":1.10}]"}}, {"images", {"\xFF", false}}};
  const std::string line = line_of(full_meta(), {R"({"id":77,"name":"x"})"}, parts);
  for (std::size_t size = 0; size < line.size(); ++size) {
    INFO(line.substr(0, size));
    const auto back = parse_version_line(std::string_view(line).substr(0, size));
    REQUIRE_FALSE(back);
    CHECK(back.error().kind == ErrorKind::corrupt);
  }
  for (const char* more : {"}", " ", ",", "x", "{}"}) CHECK_FALSE(parse_version_line(line + more));
}

TEST_CASE("lines that no version has are corrupt") {
  const std::string head = R"({"type":"products","id":"77","version":1,"at":1,"source":"full","run":"r",)";
  REQUIRE(parse_version_line(head + R"("item":{}})"));
  for (const std::string& line :
       {std::string(), std::string("{}"), std::string("[]"), std::string("null"),
        std::string("{\"control\":\"run_end\"}"), head + R"("gone":true,"item":{}})", head + R"("gone":false})",
        head + R"("item_base64":"%%%"})", head + R"("item_base64":7})", head + R"("item":{},"parts_base64":{"a":"%"}})",
        std::string(R"({"type":"","id":"77","version":1,"at":1,"gone":true})"),
        std::string(R"({"type":"p","id":"","version":1,"at":1,"gone":true})"),
        std::string(R"({"type":"p","id":"7","version":0,"at":1,"gone":true})"),
        std::string(R"({"type":"p","id":"7","version":4294967296,"at":1,"gone":true})"),
        std::string(R"({"type":"p","id":"7","version":"1","at":1,"gone":true})"),
        std::string(R"({"type":"p","id":"7","version":1,"gone":true})")}) {
    INFO(line);
    const auto back = parse_version_line(line);
    REQUIRE_FALSE(back);
    CHECK(back.error().kind == ErrorKind::corrupt);
  }
}

TEST_CASE("a line with any byte changed never crashes the reader") {
  const NamedText parts[] = {{"variants", {"[1]"}}, {"images", {"\xFF", false}}};
  const std::string line = line_of(full_meta(), {R"({"id":77})"}, parts);
  for (std::size_t at = 0; at < line.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = line;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      [[maybe_unused]] const auto back = parse_version_line(changed);
    }
  }
}

}  // namespace
}  // namespace backstock::vault
