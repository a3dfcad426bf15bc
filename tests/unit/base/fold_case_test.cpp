#include "base/fold_case.h"

#include <catch2/catch.hpp>

using namespace backstock;

TEST_CASE("letters of any script fold to lower case, all else stays") {
  CHECK(fold_case("Blue CHAIR-100%") == "blue chair-100%");
  CHECK(fold_case("ÄPFEL Øre Ÿ Ž") == "äpfel øre ÿ ž");
  CHECK(fold_case("ΚΑΡΈΚΛΑ Ώρα") == "καρέκλα ώρα");
  CHECK(fold_case("СТУЛ Ёлка Ґанок") == "стул ёлка ґанок");
  CHECK(fold_case("ԱԹՈՌ") == "աթոռ");
  CHECK(fold_case("GHẾ Ữ Ẽ") == "ghế ữ ẽ");
  CHECK(fold_case("ＡＢＣ") == "ａｂｃ");
  CHECK(fold_case("水 🍏 ß كرسي ×÷") == "水 🍏 ß كرسي ×÷");
  CHECK(fold_case("ΣΊΣΥΦΟΣ") == fold_case("Σίσυφος"));
}

TEST_CASE("folding twice changes nothing more, and no text gets longer") {
  for (char32_t c = 0x80; c < 0x10000; ++c) {
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      text = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    }
    const std::string folded = fold_case(text);
    INFO(static_cast<std::uint32_t>(c));
    REQUIRE(folded.size() == text.size());
    REQUIRE(fold_case(folded) == folded);
  }
}

TEST_CASE("bytes that are not UTF-8 stay as they are") {
  for (const char* text :
       {"caf\xC9", "\xC3", "\xC3(", "\xE1\xB8", "\xE1\xB8(", "\xC1\x81", "\xE0\x81\x81", "\xFF\xFE", "\xF0\x90\x90"}) {
    const std::string bytes = text;
    CHECK(fold_case(bytes) == bytes);
  }
  CHECK(fold_case(std::string("A\0B", 3)) == std::string("a\0b", 3));
}
