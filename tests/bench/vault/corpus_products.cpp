#include <algorithm>

#include "corpus.h"

namespace backstock::bench {
namespace {

constexpr const char* kSizes[] = {"XS", "S", "M", "L", "XL", "XXL"};
constexpr const char* kColors[] = {"Black", "White", "Navy",  "Forest Green", "Burgundy", "Sand",
                                   "Rose",  "Grey",  "Olive", "Sky Blue",     "Mustard",  "Teal"};
constexpr const char* kCodes[] = {"#1A1A1A", "#FFFFFF", "#1B2A49", "#2E5339", "#6D1A36", "#D9C7A3",
                                  "#E3A6B0", "#8C8C8C", "#6B6B2E", "#7DB9E8", "#D6A419", "#1F7A7A"};
constexpr const char* kCustom[] = {"Material", "Country of Origin", "Care", "Season", "Warranty", "Fit", "Collection"};

std::string ean(Chance& chance) { return "5" + chance.digits(12); }

}  // namespace

std::string Corpus::product_name(std::uint64_t product_seed) const {
  Chance chance(mix(product_seed, 20));
  return vocabulary_.title(chance, chance.between(2, 5));
}

std::string Corpus::product_sku(std::uint64_t product_seed) const {
  std::string letters = slug(product_name(product_seed)).substr(0, 3);
  for (char& c : letters) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return letters + "-" + Chance(mix(product_seed, 21)).digits(5);
}

std::string Corpus::description(const Item& item) {
  Chance chance(mix(item.seed, 22));
  const std::uint64_t sentences = chance.between(kLeastSentences, 12);
  std::string text = "<p>";
  for (std::uint64_t i = 0; i < sentences; ++i) {
    // Each sentence is a stream of its own: one rewritten leaves the others as they were.
    const auto rewritten = std::find_if(item.sentences.begin(), item.sentences.end(),
                                        [&](const auto& sentence) { return sentence.first == i; });
    Chance words(rewritten != item.sentences.end() ? mix(rewritten->second, i) : mix(item.seed, 23, i));
    if (i > 0) text += chance.percent(30) ? "</p>\r\n<p>" : " ";
    text += chance.percent(6) ? "<strong>" + vocabulary_.sentence(words) + "</strong>" : vocabulary_.sentence(words);
  }
  text += "</p>";
  if (chance.percent(40)) {
    text += "\r\n<ul>\r\n";
    for (std::uint64_t i = chance.between(2, 6); i > 0; --i) {
      text += "<li>" + vocabulary_.words(chance, chance.between(2, 6)) + "</li>\r\n";
    }
    text += "</ul>";
  }
  if (chance.percent(30)) text += "\r\n<p><span style=\"font-size: medium;\">" + chance.pick(notices_) + "</span></p>";
  return text;
}

void Corpus::write_product(const Item& item) {
  Chance chance(item.seed);
  const std::string name = product_name(item.seed);
  const std::string sku = product_sku(item.seed);
  const bool simple = chance.percent(35);
  const std::uint64_t sizes = simple ? 0 : chance.between(1, 5);
  const std::uint64_t colors = simple ? 0 : chance.percent(60) ? 1 : chance.between(1, 2);
  const std::uint64_t brand = chance.below(brands_.size());
  out_.open('{').number("id", item.id).field("name", name).field("type", "physical").field("sku", sku);
  out_.field("description", description(item)).raw("weight", price(chance.between(1, 90) * 10));
  out_.number("width", chance.below(30)).number("depth", chance.below(30)).number("height", chance.below(12));
  out_.raw("price", price(item.cents)).raw("cost_price", price(chance.percent(50) ? 0 : chance.between(300, 9000)));
  out_.raw("retail_price", price(chance.percent(70) ? 0 : chance.between(30, 300) * 100));
  out_.raw("sale_price", price(chance.percent(85) ? 0 : chance.between(10, 90) * 100 + 95)).number("map_price", 0);
  out_.number("tax_class_id", chance.percent(90) ? 0 : 2).field("product_tax_code", "");
  out_.raw("calculated_price", price(item.cents)).open("categories", '[');
  for (std::uint64_t i = chance.between(1, 4); i > 0; --i) out_.element(std::to_string(18 + chance.below(240)));
  out_.close(']').number("brand_id", brand + 30).null("option_set_id").field("option_set_display", "right");
  out_.number("inventory_level", item.stock).number("inventory_warning_level", chance.percent(70) ? 0 : 5);
  out_.field("inventory_tracking", simple ? "product" : "variant");
  const bool reviewed = chance.percent(15);
  out_.number("reviews_rating_sum", reviewed ? chance.between(4, 60) : 0).number("reviews_count", reviewed ? 4 : 0);
  out_.number("total_sold", item.sold).number("fixed_cost_shipping_price", 0).flag("is_free_shipping", false);
  out_.flag("is_visible", chance.percent(93)).flag("is_featured", chance.percent(4)).open("related_products", '[');
  out_.element("-1").close(']').field("warranty", chance.percent(10) ? chance.pick(notices_) : "");
  out_.field("bin_picking_number", chance.percent(60) ? "" : "A-" + chance.digits(3))
      .field("layout_file", "product.html");
  out_.field("upc", chance.percent(60) ? ean(chance) : "").field("mpn", chance.percent(30) ? chance.digits(8) : "");
  out_.field("gtin", "")
      .null("date_last_imported")
      .field("search_keywords", vocabulary_.words(chance, chance.below(7)));
  out_.field("availability", "available").field("availability_description", chance.percent(25) ? "2-4 days" : "");
  out_.field("gift_wrapping_options_type", "any").open("gift_wrapping_options_list", '[').close(']');
  out_.number("sort_order", chance.percent(80) ? 0 : chance.below(90)).field("condition", "New");
  out_.flag("is_condition_shown", false).number("order_quantity_minimum", 0).number("order_quantity_maximum", 0);
  out_.field("page_title", chance.percent(35) ? name + " | " + brands_[brand] : "").open("meta_keywords", '[');
  out_.close(']').field("meta_description", chance.percent(40) ? vocabulary_.sentence(chance) : "");
  out_.field("date_created", iso_date(item.created, "+00:00"))
      .field("date_modified", iso_date(item.modified, "+00:00"));
  out_.number("view_count", item.views).null("preorder_release_date").field("preorder_message", "");
  out_.flag("is_preorder_only", false).flag("is_price_hidden", false).field("price_hidden_label", "");
  out_.open("custom_url", '{').field("url", "/" + slug(name) + "/").flag("is_customized", chance.percent(8)).close('}');
  const std::uint64_t first = item.id * 3 + 40;
  simple ? out_.number("base_variant_id", first) : out_.null("base_variant_id");
  out_.field("open_graph_type", "product").field("open_graph_title", "").field("open_graph_description", "");
  out_.flag("open_graph_use_meta_description", true).flag("open_graph_use_product_name", true);
  out_.flag("open_graph_use_image", true);
  write_variants(item, sizes, colors);
  write_images(item, name);
  out_.open("videos", '[').close(']').open("custom_fields", '[');
  for (std::uint64_t i = chance.below(4); i > 0; --i) {
    out_.open('{').number("id", item.id * 4 + i).field("name", chance.pick(kCustom));
    out_.field("value", vocabulary_.title(chance, 1)).close('}');
  }
  out_.close(']').open("bulk_pricing_rules", '[');
  if (chance.percent(8)) {
    out_.open('{').number("id", item.id + 9).number("quantity_min", 10).number("quantity_max", 0);
    out_.field("type", "percent").number("amount", chance.between(3, 20)).close('}');
  }
  out_.close(']').open("reviews", '[').close(']');
  write_options(item, sizes, colors);
  out_.open("modifiers", '[').close(']').close('}');
}

void Corpus::write_variants(const Item& item, std::uint64_t sizes, std::uint64_t colors) {
  Chance chance(mix(item.seed, 24));
  const std::string sku = product_sku(item.seed);
  const std::uint64_t count = std::max<std::uint64_t>(1, sizes * colors);
  const std::uint64_t shade = mix(item.seed, 26) % std::size(kColors);
  out_.open("variants", '[');
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool own_price = sizes > 0 && chance.percent(15);
    const std::uint64_t cents = own_price ? item.cents + 500 : item.cents;
    const std::uint64_t size = sizes == 0 ? 0 : i % sizes;
    const std::uint64_t color = sizes == 0 ? 0 : (shade + i / sizes) % std::size(kColors);
    out_.open('{').number("id", item.id * 8 + i).number("product_id", item.id);
    out_.field("sku", sizes == 0 ? sku : sku + "-" + kSizes[size] + "-" + std::to_string(color));
    sizes == 0 ? out_.null("sku_id") : out_.number("sku_id", item.id * 7 + i);
    own_price ? out_.raw("price", price(cents)) : out_.null("price");
    out_.raw("calculated_price", price(cents)).null("sale_price").null("retail_price").null("map_price").null("weight");
    out_.raw("calculated_weight", price(chance.between(1, 9) * 50)).null("width").null("height").null("depth");
    out_.flag("is_free_shipping", false).null("fixed_cost_shipping_price").flag("purchasing_disabled", false);
    out_.field("purchasing_disabled_message", "").field("image_url", "").number("cost_price", 0);
    out_.field("upc", sizes == 0 ? "" : ean(chance)).field("mpn", "").field("gtin", "");
    out_.number("inventory_level", sizes == 0 ? item.stock : (item.stock + i * 7) / count);
    out_.number("inventory_warning_level", 0).field("bin_picking_number", "").open("option_values", '[');
    if (sizes > 0) {
      const std::uint64_t option = item.id * 2 + 100;
      out_.open('{').number("id", item.id * 10 + size).field("label", kSizes[size]).number("option_id", option);
      out_.field("option_display_name", "Size").close('}').open('{').number("id", item.id * 10 + 6 + i / sizes);
      out_.field("label", kColors[color]).number("option_id", option + 1).field("option_display_name", "Color");
      out_.close('}');
    }
    out_.close(']').close('}');
  }
  out_.close(']');
}

void Corpus::write_options(const Item& item, std::uint64_t sizes, std::uint64_t colors) {
  const std::uint64_t shade = mix(item.seed, 26) % std::size(kColors);
  out_.open("options", '[');
  for (std::uint64_t nth = 0; nth < 2 && sizes > 0; ++nth) {
    const bool is_size = nth == 0;
    const std::string shown = is_size ? "Size" : "Color";
    out_.open('{').number("id", item.id * 2 + 100 + nth).number("product_id", item.id);
    out_.field("name",
               shown + std::to_string(item.created + static_cast<std::int64_t>(nth)) + "-" + std::to_string(item.id));
    out_.field("display_name", shown).field("type", is_size ? "rectangles" : "swatch").open("config", '[').close(']');
    out_.number("sort_order", nth).open("option_values", '[');
    for (std::uint64_t i = 0; i < (is_size ? sizes : colors); ++i) {
      const std::uint64_t color = (shade + i) % std::size(kColors);
      out_.open('{').number("id", item.id * 10 + (is_size ? i : 6 + i));
      out_.field("label", is_size ? kSizes[i] : kColors[color]).number("sort_order", i);
      if (is_size) {
        out_.null("value_data");
      } else {
        out_.open("value_data", '{').open("colors", '[').element("\"" + std::string(kCodes[color]) + "\"").close(']');
        out_.close('}');
      }
      out_.flag("is_default", false).close('}');
    }
    out_.close(']').close('}');
  }
  out_.close(']');
}

void Corpus::write_images(const Item& item, const std::string& name) {
  Chance chance(mix(item.seed, 25));
  out_.open("images", '[');
  const std::uint64_t count = chance.between(1, 5);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(item.id * 5 + i);
    const std::int64_t at = item.created + static_cast<std::int64_t>(chance.below(4000));
    const std::string file = slug(name) + "__" + chance.digits(5) + "." + std::to_string(at);
    const std::string base =
        "https://cdn11.bigcommerce.com/s-abc123/products/" + std::to_string(item.id) + "/images/" + id + "/" + file;
    out_.open('{').raw("id", id).number("product_id", item.id).flag("is_thumbnail", i == 0).number("sort_order", i);
    out_.field("description", chance.percent(40) ? name : "");
    out_.field("image_file", chance.hex(1) + "/" + chance.digits(3) + "/" + file + ".jpg");
    out_.field("url_zoom", base + ".1280.1280.jpg?c=2").field("url_standard", base + ".560.850.jpg?c=2");
    out_.field("url_thumbnail", base + ".330.500.jpg?c=2").field("url_tiny", base + ".66.100.jpg?c=2");
    out_.field("date_modified", iso_date(at, "+00:00")).close('}');
  }
  out_.close(']');
}

}  // namespace backstock::bench
