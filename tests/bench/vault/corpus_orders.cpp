#include "corpus.h"

namespace backstock::bench {
namespace {

struct Person {
  std::string first, last, company, street, second, city, state, zip, country, code, phone, email;
};

struct Country {
  const char* name;
  const char* code;
  const char* dial;
  const char* state;
};
constexpr Country kCountries[] = {
    {"United States", "US", "+1 555", "California"}, {"United States", "US", "+1 212", "New York"},
    {"Germany", "DE", "+49 30", "Bayern"},           {"Norway", "NO", "+47 22", "Troms"},
    {"United Kingdom", "GB", "+44 20", ""},          {"Australia", "AU", "+61 2", "Victoria"}};
constexpr const char* kMail[] = {"example.com", "example.org", "mail.example.net", "post.example.com"};
constexpr const char* kPayment[] = {"Credit Card", "PayPal", "Bank Deposit", "Cash on Delivery"};
constexpr const char* kShipping[] = {"Flat Rate", "Free Shipping", "Express (1-2 days)", "Ship by Weight"};

const char* status_name(std::uint64_t status) {
  switch (status) {
    case 2:
      return "Shipped";
    case 3:
      return "Partially Shipped";
    case 4:
      return "Refunded";
    case 9:
      return "Awaiting Shipment";
    case 10:
      return "Completed";
    default:
      return "Awaiting Fulfillment";
  }
}

Person person_of(std::uint64_t seed, const Vocabulary& vocabulary, const std::vector<std::string>& cities) {
  Chance chance(mix(seed, 31));
  const Country& country = chance.pick(kCountries);
  Person person;
  person.first = vocabulary.title(chance, 1);
  person.last = vocabulary.title(chance, 1);
  person.company = chance.percent(25) ? vocabulary.title(chance, 2) + " Ltd" : "";
  person.street = std::to_string(chance.between(1, 240)) + " " + vocabulary.title(chance, 1) + " Street";
  person.second = chance.percent(12) ? "Apt " + std::to_string(chance.between(1, 60)) : "";
  person.city = chance.pick(cities);
  person.state = country.state;
  person.zip = chance.digits(5);
  person.country = country.name;
  person.code = country.code;
  person.phone = std::string(country.dial) + " " + chance.digits(3) + " " + chance.digits(4);
  person.email = slug(person.first) + "." + slug(person.last) + (chance.percent(40) ? chance.digits(2) : "") + "@" +
                 chance.pick(kMail);
  return person;
}

void address(Out& out, const Person& person) {
  out.field("first_name", person.first).field("last_name", person.last).field("company", person.company);
  out.field("street_1", person.street).field("street_2", person.second).field("city", person.city);
  out.field("state", person.state).field("zip", person.zip).field("country", person.country);
  out.field("country_iso2", person.code).field("phone", person.phone).field("email", person.email);
  out.open("form_fields", '[').close(']');
}

void costs(Out& out, const std::string& what, std::uint64_t cents) {
  out.field("base_" + what + "_cost", money(cents)).field(what + "_cost_ex_tax", money(cents));
  out.field(what + "_cost_inc_tax", money(cents)).field(what + "_cost_tax", "0.0000");
  out.number(what + "_cost_tax_class_id", what == "wrapping" ? 3 : 2);
}

void elsewhere(Out& out, const std::string& what, const std::string& id, const std::string& path) {
  const std::string resource = "/orders/" + id + "/" + path;
  out.open(what, '{').field("url", "https://api.bigcommerce.com/stores/abc123/v2" + resource);
  out.field("resource", resource).close('}');
}

}  // namespace

void Corpus::write_order(const Item& item) {
  Chance chance(item.seed);
  const std::vector<Item>& customers = items_[static_cast<int>(Kind::customers)];
  const std::vector<Item>& products = items_[static_cast<int>(Kind::products)];
  // Of those the store began with: a later one must not change what an order says.
  const std::uint64_t customer = customers[chance.below(settings_.items * 15 / 100)].id;
  const bool guest = chance.percent(30);
  const Person person = person_of(guest ? item.seed : seed_of(Kind::customers, customer), vocabulary_, cities_);
  const std::string id = std::to_string(item.id);
  const std::uint64_t lines = chance.percent(66) ? 1 : chance.between(2, 3);
  const bool shipped = item.status == 2 || item.status == 10;
  const std::uint64_t shipping = chance.percent(40) ? 0 : chance.between(5, 25) * 100;
  const std::uint64_t subtotal = chance.between(900, 40'000) * lines;
  const std::uint64_t tax = subtotal / 11;
  out_.open('{').number("id", item.id).number("customer_id", guest ? 0 : customer);
  out_.field("date_created", mail_date(item.created)).field("date_modified", mail_date(item.modified));
  out_.field("date_shipped", shipped ? mail_date(item.created + 90'000) : "").number("status_id", item.status);
  out_.field("status", status_name(item.status)).field("subtotal_ex_tax", money(subtotal - tax));
  out_.field("subtotal_inc_tax", money(subtotal)).field("subtotal_tax", money(tax));
  costs(out_, "shipping", shipping);
  costs(out_, "handling", 0);
  costs(out_, "wrapping", 0);
  out_.field("total_ex_tax", money(subtotal - tax + shipping)).field("total_inc_tax", money(subtotal + shipping));
  out_.field("total_tax", money(tax)).number("items_total", lines).number("items_shipped", shipped ? lines : 0);
  out_.field("payment_method", chance.pick(kPayment));
  out_.field("payment_provider_id", chance.percent(50) ? "ch_" + chance.hex(16) : "")
      .field("payment_status", "captured");
  out_.field("refunded_amount", item.status == 4 ? money(subtotal) : "0.0000").flag("order_is_digital", false);
  out_.field("store_credit_amount", "0.0000").field("gift_certificate_amount", "0.0000");
  out_.field("ip_address", "203.0." + std::to_string(chance.below(256)) + "." + std::to_string(chance.below(256)));
  out_.field("ip_address_v6", "").field("geoip_country", person.country).field("geoip_country_iso2", person.code);
  out_.number("currency_id", 1).field("currency_code", "USD").field("currency_exchange_rate", "1.0000000000");
  out_.number("default_currency_id", 1).field("default_currency_code", "USD");
  Chance note(item.sentences.empty() ? item.seed : mix(item.sentences.front().second, item.id));
  const bool noted = !item.sentences.empty() || chance.percent(15);
  out_.field("staff_notes", noted ? vocabulary_.sentence(note) : "");
  out_.field("customer_message", chance.percent(20) ? vocabulary_.sentence(chance) : "");
  out_.field("discount_amount", "0.0000").field("coupon_discount", "0.0000").number("shipping_address_count", 1);
  out_.flag("is_deleted", false)
      .field("ebay_order_id", "0")
      .field("cart_id", chance.uuid())
      .open("billing_address", '{');
  address(out_, person);
  out_.close('}').flag("is_email_opt_in", chance.percent(20)).null("credit_card_type").field("order_source", "www");
  out_.number("channel_id", 1).null("external_source").open("consignments", '{').open("pickups", '[').close(']');
  out_.open("shipping", '[').open('{').number("id", item.id - 900).number("items_total", lines);
  out_.number("items_shipped", shipped ? lines : 0)
      .field("base_cost", money(shipping))
      .field("cost_ex_tax", money(shipping));
  out_.field("cost_inc_tax", money(shipping)).field("cost_tax", "0.0000").number("cost_tax_class_id", 2);
  out_.field("base_handling_cost", "0.0000").field("shipping_method", chance.pick(kShipping));
  out_.number("shipping_zone_id", chance.between(1, 5))
      .field("shipping_zone_name", person.country)
      .open("line_items", '[');
  for (std::uint64_t i = 0; i < lines; ++i) {
    write_line(item, i, products[chance.below(settings_.items * 60 / 100)].id);
  }
  out_.close(']');
  address(out_, person);
  out_.close('}').close(']').open("downloads", '[').close(']').close('}');
  elsewhere(out_, "products", id, "products");
  elsewhere(out_, "shipping_addresses", id, "shippingaddresses");
  elsewhere(out_, "coupons", id, "coupons");
  out_.null("external_id").null("external_merchant_id").field("tax_provider_id", "BasicTaxProvider");
  out_.field("store_default_currency_code", "USD").field("custom_status", status_name(item.status));
  out_.field("customer_locale", "en").field("external_order_id", "").open("fees", '[').close(']').close('}');
}

void Corpus::write_line(const Item& order, std::uint64_t nth, std::uint64_t product) {
  const std::uint64_t seed = seed_of(Kind::products, product);
  Chance chance(mix(order.seed, 33, nth));
  const std::string name = product_name(seed);
  const std::uint64_t quantity = chance.percent(80) ? 1 : chance.between(2, 6);
  const std::uint64_t cents = Chance(mix(seed, 34)).between(500, 30'000);
  out_.open('{').number("id", order.id * 2 + nth).number("order_id", order.id).number("product_id", product);
  out_.number("variant_id", product * 8).number("order_pickup_method_id", 0).number("order_address_id", order.id - 900);
  out_.field("name", name).field("name_customer", name).field("name_merchant", name);
  out_.field("sku", product_sku(seed)).field("upc", "");
  out_.field("type", "physical").field("base_price", money(cents)).field("price_ex_tax", money(cents - cents / 11));
  out_.field("price_inc_tax", money(cents))
      .field("price_tax", money(cents / 11))
      .field("base_total", money(cents * quantity));
  out_.field("total_ex_tax", money((cents - cents / 11) * quantity)).field("total_inc_tax", money(cents * quantity));
  out_.field("total_tax", money(cents / 11 * quantity))
      .field("weight", money(Chance(mix(seed, 36)).between(1, 90) * 10));
  out_.number("quantity", quantity).field("base_cost_price", "0.0000").flag("is_refunded", order.status == 4);
  out_.number("quantity_refunded", order.status == 4 ? quantity : 0).field("refund_amount", "0.0000");
  out_.number("return_id", 0).null("wrapping_name").field("base_wrapping_cost", "0.0000").field("wrapping_message", "");
  out_.number("quantity_shipped", order.status == 2 || order.status == 10 ? quantity : 0).null("event_name");
  out_.null("event_date").field("fixed_shipping_cost", "0.0000").field("ebay_item_id", "").null("option_set_id");
  out_.null("parent_order_product_id").flag("is_bundled_product", false).field("bin_picking_number", "");
  out_.field("fulfillment_source", "").field("brand", brands_[Chance(seed).below(brands_.size())]);
  out_.open("applied_discounts", '[').close(']').open("product_options", '[').close(']');
  out_.field("discounted_total_inc_tax", money(cents * quantity)).close('}');
}

void Corpus::write_customer(const Item& item) {
  const Person person = person_of(item.seed, vocabulary_, cities_);
  Chance chance(mix(item.seed, 32));
  const std::string id = std::to_string(item.id);
  out_.open('{').raw("id", id).open("authentication", '{').flag("force_password_reset", false).close('}');
  out_.field("company", person.company).number("customer_group_id", item.status).field("email", person.email);
  out_.field("first_name", person.first).field("last_name", person.last);
  Chance note(item.sentences.empty() ? item.seed : mix(item.sentences.front().second, item.id));
  out_.field("notes", !item.sentences.empty() || chance.percent(10) ? vocabulary_.sentence(note) : "");
  out_.field("phone", person.phone);
  out_.field("registration_ip_address",
             "203.0." + std::to_string(chance.below(256)) + "." + std::to_string(chance.below(256)));
  out_.field("tax_exempt_category", "").field("date_created", iso_date(item.created, "Z"));
  out_.field("date_modified", iso_date(item.modified, "Z"));
  out_.flag("accepts_product_review_abandoned_cart_emails", chance.percent(60)).number("origin_channel_id", 1);
  out_.null("channel_ids");
  const std::uint64_t addresses = chance.percent(75) ? 1 : 2;
  out_.number("address_count", addresses).number("attribute_count", 0).open("addresses", '[');
  for (std::uint64_t i = 0; i < addresses; ++i) {
    const Person at = i == 0 ? person : person_of(mix(item.seed, 37), vocabulary_, cities_);
    out_.open('{').number("id", item.id * 2 + i).field("address1", at.street).field("address2", at.second);
    out_.field("address_type", chance.percent(80) ? "residential" : "commercial").field("city", at.city);
    out_.field("company", at.company)
        .field("country", at.country)
        .field("country_code", at.code)
        .raw("customer_id", id);
    out_.field("first_name", at.first)
        .field("last_name", at.last)
        .field("phone", at.phone)
        .field("postal_code", at.zip);
    out_.field("state_or_province", at.state).open("form_fields", '[').close(']').close('}');
  }
  out_.close(']')
      .open("attributes", '[')
      .close(']')
      .open("form_fields", '[')
      .close(']')
      .open("store_credit_amounts", '[');
  out_.open('{').number("amount", 0).close('}').close(']').field("shopper_profile_id", chance.uuid());
  out_.open("segment_ids", '[').close(']').close('}');
}

}  // namespace backstock::bench
