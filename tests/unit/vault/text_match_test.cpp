// Whether a line holds a text, and in which fields, however the store wrote its characters.
#include "vault/text_match.h"

#include "base/crypto.h"
#include "base/fold_case.h"
#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::vault;

namespace {

VersionMeta first_version() {
  VersionMeta meta = testing::meta_of("products", "1");
  meta.version = 1;
  return meta;
}

std::string line_of(const std::string& item, bool textual = true) {
  std::string line;
  append_version_line(line, first_version(), {item, textual}, {});
  return line;
}

// "path=excerpt" of each field, and nothing when the quick test gives no line.
std::vector<std::string> found(const std::string& raw, const std::string& text, bool any_case = true) {
  const TextMatch match(text, any_case);
  std::vector<std::string> fields;
  match.for_each_candidate(raw, [&](std::string_view line, std::size_t at) {
    CHECK(raw.substr(at, line.size()) == line);
    match.for_each_field(testing::must(parse_version_line(line)), [&](TextMatch::Field field) {
      fields.push_back(field.path + "=" + field.excerpt);
      return true;
    });
    return true;
  });
  return fields;
}

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("each field that holds the text is given with its path, in order") {
  const std::string item =
      R"({"name":"Oak chair","price":19.9900,"variants":[{"sku":"A"},{"sku":"CHAIR-1","tags":["x","a chair"]}],"chair":"no"})";
  CHECK(found(line_of(item), "chair") ==
        Fields{"name=Oak chair", "variants[1].sku=CHAIR-1", "variants[1].tags[1]=a chair"});
  CHECK(found(line_of(item), "CHAIR", false) == Fields{"variants[1].sku=CHAIR-1"});
  CHECK(found(line_of(item), "19.99") == Fields{"price=19.9900"});
  CHECK(found(line_of(item), "products").empty());  // what stands around the item
  CHECK(found(line_of(item), "true").empty());
}

TEST_CASE("parts are looked at under their names, also where only base64 could keep them") {
  const std::string rows = R"([{"key":"Shipping"}])";
  const std::string odd = "[{\"key\":\"ship\xff\"}]";
  const std::string plain = R"({"note":"shipped"})";
  std::string line;
  append_version_line(line, first_version(), {plain},
                      std::vector<NamedText>{{"metafields", {rows}}, {"images", {odd, false}}});
  CHECK(found(line, "ship") == Fields{"note=shipped", "metafields[0].key=Shipping", "images[0].key=ship\xff"});
}

TEST_CASE("an item that is kept in base64 is found") {
  const std::string item = "{\"name\":\"Oak \xff chair\"}";
  CHECK(found(line_of(item, false), "chair") == Fields{"name=Oak \xff chair"});
}

TEST_CASE("escapes hide nothing") {
  CHECK(found(line_of(R"({"a":"caf\u00e9"})"), "café") == Fields{"a=café"});
  CHECK(found(line_of(R"({"a":"caf\u00c9 noir"})"), "CAFÉ N") == Fields{"a=cafÉ noir"});
  CHECK(found(line_of(R"({"a":"\u0063hair"})"), "chair") == Fields{"a=chair"});
  CHECK(found(line_of(R"({"a":"\ud83d\ude00"})"), "😀") == Fields{"a=😀"});
  CHECK(found(line_of(R"({"a":"img\/oak.png"})"), "img/oak") == Fields{"a=img/oak.png"});
  CHECK(found(line_of(R"({"a":"img/oak.png"})"), "img/oak") == Fields{"a=img/oak.png"});
  CHECK(found(line_of(R"({"a":"3\" pipe"})"), "3\" p") == Fields{"a=3\" pipe"});
  CHECK(found(line_of(R"({"a":"one\ntwo"})"), "one\ntwo") == Fields{"a=one\ntwo"});
  CHECK(found(line_of(R"({"a":"C:\\temp"})"), "C:\\t") == Fields{"a=C:\\temp"});
  CHECK(found(line_of(R"({"a":"one\ntwo"})"), "ntwo").empty());  // as written, but not as read
}

TEST_CASE("a text does not reach from one field into the next") {
  CHECK(found(line_of(R"({"a":"x","b":"y"})"), "x\",\"b").empty());
}

TEST_CASE("case means nothing in other scripts either, and texts without case are found as they are") {
  CHECK(found(line_of(R"({"a":"GRÖSSE Ω"})"), "größe").empty());  // ß is no case of SS
  CHECK(found(line_of(R"({"a":"GRÖSSE Ω"})"), "grösse ω") == Fields{"a=GRÖSSE Ω"});
  CHECK(found(line_of(R"({"a":"ЧАЙ"})"), "чай") == Fields{"a=ЧАЙ"});
  CHECK(found(line_of(R"({"a":"שלום עולם"})"), "עולם") == Fields{"a=שלום עולם"});
  CHECK(found(line_of(R"({"a":"مرحبا"})"), "حبا") == Fields{"a=مرحبا"});
}

TEST_CASE("no letter but those of ASCII folds to one of ASCII, on which the quick test relies") {
  for (std::uint32_t c = 0x80; c < 0x10000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 0x3FU))};
    } else {
      text = {static_cast<char>(0xE0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 0x3FU)),
              static_cast<char>(0x80U | (c & 0x3FU))};
    }
    const std::string folded = fold_case(text);
    INFO(c);
    REQUIRE(folded.size() == text.size());
    for (const char byte : folded) REQUIRE(static_cast<unsigned char>(byte) >= 0x80);
  }
}

TEST_CASE("an excerpt is whole characters, at most 120 of them, with what was found in it") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "é";
  const auto fields = found(line_of("{\"a\":\"" + text + "chair" + text + "\"}"), "chair");
  REQUIRE(fields.size() == 1);
  const std::string excerpt = fields[0].substr(2);
  CHECK(std::count_if(excerpt.begin(), excerpt.end(), [](char c) { return (c & 0xC0) != 0x80; }) == 120);
  CHECK(excerpt.find("chair") == 80);
  CHECK(excerpt.ends_with("é"));
}

TEST_CASE("the quick test misses no line: the same as looking at every field of every line") {
  SeededRandom random(testing::seed_from_environment(20261121));
  const std::vector<std::string> letters = {"a",       "B",       "c",       "é",   "É", "ב",    "😀",
                                            "\\u00e9", "\\u00C9", "\\u0041", "\\/", "/", "\\\"", "\\\\",
                                            "\\n",     "n",       "\\u05d1", " ",   "1"};
  const auto word = [&](std::size_t most) {
    std::string text;
    for (std::size_t i = random.next() % most + 1; i > 0; --i) text += letters[random.next() % letters.size()];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::string raw;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 12; ++i) {
      const std::string item =
          "{\"a\":\"" + word(8) + "\",\"b\":[" + std::to_string(random.next() % 1000) + ",\"" + word(8) + "\"]}";
      raw += line_of(item, random.next() % 5 != 0);
    }
    const std::string text = json_text::as_string("\"" + word(3) + "\"").value();
    const bool any_case = random.next() % 2 == 0;
    const std::string wanted = any_case ? fold_case(text) : text;
    Fields expected;
    for (std::size_t at = 0; at < raw.size(); at = raw.find('\n', at) + 1) {
      const auto version = testing::must(parse_version_line(raw.substr(at, raw.find('\n', at) - at)));
      const auto look = [&](const std::string& path, std::string_view value) {
        const std::string plain = json_text::as_label(value);
        const std::string folded = any_case ? fold_case(plain) : plain;
        if (folded.find(wanted) != folded.npos) expected.push_back(path + "=" + plain);
      };
      look("a", *json_text::find(version.item, "a"));
      std::size_t nth = 0;
      json_text::for_each_element(*json_text::find(version.item, "b"), [&](std::string_view value) {
        look("b[" + std::to_string(nth++) + "]", value);
        return true;
      });
    }
    INFO(text << "\n" << raw);
    REQUIRE(found(raw, text, any_case) == expected);
  }
}
