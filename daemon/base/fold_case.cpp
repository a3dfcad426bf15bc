#include "base/fold_case.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace backstock {
namespace {

// Every `step`-th character from first to last has its lower case `by` further on.
struct Run {
  char32_t first;
  char32_t last;
  std::uint8_t step;
  std::int32_t by;
};

// Below U+0800 and from U+0800 on, upper and lower case have as many bytes in UTF-8.
constexpr Run kRuns[] = {
    {0xC0, 0xD6, 1, 32},                           // Latin-1
    {0xD8, 0xDE, 1, 32},    {0x100, 0x12E, 2, 1},  // Latin Extended-A; U+0130 folds to two characters and stays
    {0x132, 0x136, 2, 1},   {0x139, 0x147, 2, 1},    {0x14A, 0x176, 2, 1},  {0x178, 0x178, 1, -121},
    {0x179, 0x17D, 2, 1},   {0x1A0, 0x1A4, 2, 1},  // Vietnamese
    {0x1AF, 0x1AF, 1, 1},   {0x1CD, 0x1DB, 2, 1},    {0x1DE, 0x1EE, 2, 1},  {0x1F8, 0x21E, 2, 1},
    {0x222, 0x232, 2, 1},   {0x386, 0x386, 1, 38},  // Greek
    {0x388, 0x38A, 1, 37},  {0x38C, 0x38C, 1, 64},   {0x38E, 0x38F, 1, 63}, {0x391, 0x3A1, 1, 32},
    {0x3A3, 0x3AB, 1, 32},  {0x3C2, 0x3C2, 1, 1},  // the sigma that ends a word
    {0x400, 0x40F, 1, 80},                         // Cyrillic
    {0x410, 0x42F, 1, 32},  {0x460, 0x480, 2, 1},    {0x48A, 0x4BE, 2, 1},  {0x4C0, 0x4C0, 1, 15},
    {0x4C1, 0x4CD, 2, 1},   {0x4D0, 0x52E, 2, 1},    {0x531, 0x556, 1, 48},  // Armenian
    {0x1E00, 0x1E94, 2, 1},                                                  // Latin Extended Additional
    {0x1EA0, 0x1EFE, 2, 1}, {0xFF21, 0xFF3A, 1, 32},                         // full-width Latin
};

char32_t lower(char32_t c) {
  const Run* run = std::lower_bound(std::begin(kRuns), std::end(kRuns), c,
                                    [](const Run& a, char32_t value) { return a.last < value; });
  if (run == std::end(kRuns) || c < run->first || (c - run->first) % run->step != 0) return c;
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + run->by);
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

char byte_of(char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); }

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(folded[i]);
    if (lead < 0x80) {
      if (lead >= 'A' && lead <= 'Z') folded[i] = static_cast<char>(lead + 32);
    } else if (lead >= 0xC2 && lead < 0xE0 && i + 1 < folded.size() && continues(folded[i + 1])) {
      const char32_t c = lower((char32_t{lead} & 0x1F) << 6 | (static_cast<unsigned char>(folded[i + 1]) & 0x3FU));
      folded[i] = byte_of(0xC0 | c >> 6);
      folded[++i] = byte_of(0x80 | (c & 0x3F));
    } else if (lead >= 0xE0 && lead < 0xF0 && i + 2 < folded.size() && continues(folded[i + 1]) &&
               continues(folded[i + 2])) {
      const char32_t was = (char32_t{lead} & 0x0F) << 12 | (static_cast<unsigned char>(folded[i + 1]) & 0x3FU) << 6 |
                           (static_cast<unsigned char>(folded[i + 2]) & 0x3FU);
      const char32_t c = was < 0x800 ? was : lower(was);  // an overlong form is no UTF-8
      folded[i] = byte_of(0xE0 | c >> 12);
      folded[++i] = byte_of(0x80 | (c >> 6 & 0x3F));
      folded[++i] = byte_of(0x80 | (c & 0x3F));
    }
  }
  return folded;
}

}  // namespace backstock
