// What one content type is: every fact in which it differs from the others, as data. See registry.h for the table.
//
// Fields that every type must think about have no default: leaving one out does not compile
// (-Werror=missing-field-initializers). Paths into items are written with dots and `[]`: "variants[].id".
// Source of the facts: BigCommerce's API reference; where it is silent, the comment beside the entry says so.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/few.h"

namespace backstock::content {

// How the pages of a list follow one another.
enum class Paging : std::uint8_t {
  // Page by `id:greater=<last id>`: deletions between pages shift nothing. Ids must ascend; a reader that sees them
  // fall
  // has an incomplete listing. Where the reference knows sort=id, `list_query` asks for it.
  v3_id_after,
  v3_pages,   // page=N
  v3_cursor,  // after=<end_cursor>
  v2_pages,   // page=N, a bare array, 204 or a short page ends it
  // Newest first: `max_id=<lowest id so far - 1>` until an empty answer. What is added meanwhile shifts nothing.
  v2_below_id,
  whole  // the whole collection in one answer; if its meta.pagination tells of more pages, it is incomplete
};

// Where a run gets the items themselves from.
enum class Fetch : std::uint8_t {
  from_list,  // the list gives whole items
  by_ids      // the list gives ids; items come by `id_filter`, `ids_per_read` at a time, with `includes`
};

// How a part of an item is read.
enum class PartFrom : std::uint8_t {
  embedded,    // inside the item's own JSON, by an include or always
  per_item,    // its own list below the item
  whole_list,  // one list over all items, joined by `join_key`
};

// What an item's absence from a complete listing can mean.
enum class Absence : std::uint8_t {
  gone,    // it may be deleted: to be confirmed
  nothing  // the store never deletes these, or does not list all of them
};

// A further walk over the same list, for what the plain one may leave out.
struct ListPass {
  std::string_view query;  // "is_deleted=true"
  // What each row of it must show ("is_deleted=true"): another row tells that the store ignores the query, and ends the
  // pass. A store that refuses the query has no such rows to give.
  std::string_view holds;
};

struct Part {
  std::string_view name;  // in the version line, and in the item for embedded parts
  PartFrom from;
  std::string_view label;  // "Images"
  // Of the list; `{id}` is the item's id. May carry a query. Also for embedded parts: read when `confirm_from` is
  // reached.
  std::string_view path = {};
  Paging paging = Paging::v3_pages;
  std::uint16_t page_limit = 250;
  // per_item: read only where the item says that there are rows: an array with elements ("modifiers"), a field of a
  // value ("redemption_type=COUPON"), a number above zero ("items_shipped>0").
  std::string_view only_if = {};
  std::string_view row_id = "id";       // of its rows; "": they have none, or there is one object instead
  std::string_view scope = {};          // OAuth, where it is not the type's
  bool on_request = false;              // per_item: costs so much that the config must ask for it ("customers.consent")
  std::string_view join_key = {};       // whole_list: the row's field that names its owner
  std::string_view owner_ids = "id";    // whole_list: where in the item the owner's ids stand ("variants[].id")
  std::string_view change_filter = {};  // whole_list: "date_modified:min"
  // Where `change_filter` finds owners of changed rows, if not at `path`: for embedded parts.
  std::string_view changes_path = {};
  // whole_list: the same rows for one owner, for a read of few items: `{id}` is the item, `{owner}` the owner where
  // that is not the item.
  std::string_view owner_path = {};
  Paging owner_paging = Paging::v3_pages;
  std::string_view needs_scope = {};  // beside the type's own: without it rows of other API accounts are invisible
  // embedded: an array this long or longer may have been cut by the API; read it by `path`. 0: never.
  std::uint16_t confirm_from = 0;
  // For restore.
  Few<std::string_view, 4> natural_key = {};  // what identifies a row when its id is gone; form: see ContentType
  Few<std::string_view, 40> writable = {};    // what may be sent; ids of owners come from the path and the ID map
  Few<std::string_view, 4> create_only = {};  // writable when the row is made, refused or ignored later
  std::uint8_t phase = 0;                     // order within the item, see restore_phase notes in registry.cpp
  std::string_view restore_note = {};         // what cannot come back, and why
};

// A field that holds another item's id. The owner of a part's row is no reference: `join_key` and the path say it.
struct Reference {
  std::string_view field;                   // "categories[]"; `..` is any depth: "rules..products[]"
  std::string_view type;                    // target content type, by name; may be one that does not exist yet
  std::string_view target_part = {};        // the id of a row in a part of the target ("variants"), else of the item
  Few<std::string_view, 2> sentinels = {};  // values that are not ids ("0", "-1")
  std::string_view when = {};               // only where the item says so: "to.type=product"
  bool second_pass = false;    // may point at items of the same type or at later types: sent when those exist
  bool parents_first = false;  // points at items of the same type that are written before this one
  bool computed = false;       // set by the platform: read for the ID map, never sent
};

// How a value is shown in a list.
enum class Shown : std::uint8_t { text, money, number, date, yes_no };

// A column of the type's list, for people.
struct Column {
  std::string_view field;  // dotted path of one value
  std::string_view label;  // "Price"
  Shown shown = Shown::text;
};

enum class Restore : std::uint8_t { match_or_create, in_place_only, never };

struct ContentType {
  std::string_view name;       // "products"
  std::string_view label;      // "Products"
  std::string_view label_one;  // "Product"
  std::string_view group;      // tab of the page: "Catalogue", "Customer", "Settings"
  std::uint8_t place;          // within the tab
  std::string_view list_path;  // "/v3/catalog/products"; may hold `{parent}`
  Paging paging;
  std::uint16_t page_limit;
  // "id"; a dotted path; several joined with `/` for ids made of parts; `{parent}` stands for the parent's id.
  std::string_view id_field;
  Fetch fetch;
  Few<std::string_view, 4> label_fields;      // what people search by: name, sku
  Few<std::string_view, 24> volatile_fields;  // move by themselves: not part of the hash
  Few<Column, 5> columns;                     // of its list, beside the title and the id
  // Finds the item when its id is gone. Each entry is tried in turn; one entry is a field, or several joined with `+`
  // that must agree together ("tree_id+parent_id+name").
  Few<std::string_view, 4> natural_key;
  Few<std::string_view, 80> writable;  // top-level fields that may be sent back
  Restore restore;
  std::uint8_t restore_phase;   // order over all types
  std::string_view scope_read;  // OAuth
  std::string_view scope_write;
  std::string_view restore_note;  // what cannot be restored and why; "" when all can

  // What an item is called: these fields, joined by a blank. Empty: the first of label_fields.
  Few<std::string_view, 2> title_fields = {};
  // "/v3/catalog/products/{id}", or a list that takes one id: "/v2/coupons?id={id}". Empty: no read by id.
  std::string_view item_path = {};
  std::string_view id_filter = {};          // "id:in": several by id in one list; also confirms that an item is gone
  std::uint16_t ids_per_read = 100;         // by_ids and confirming reads
  Few<std::string_view, 12> includes = {};  // of the whole-item reads
  std::string_view item_query = {};         // and what else belongs to these
  std::string_view ids_query = {};          // by_ids: query of the id sweep ("include_fields=id,date_modified")
  std::string_view list_query = {};         // always part of list reads; may hold `{parent}`
  // One list per item of this type, whose id stands for `{parent}`.
  std::string_view parent_type = {};
  // And one more list without the parameter that holds `{parent}`; its items' parent is called "global".
  bool has_orphans = false;
  Few<ListPass, 3> more_passes = {};  // not with parents
  std::string_view count_path = {};   // "/v2/orders/count": how many, where the list itself does not say
  Absence absence = Absence::gone;
  // The per-item parts are read only for items that differ from what is stored: they are many, or dear.
  bool parts_follow_item = false;
  // Parts may change without a trace in their item: those of items created in the last `sweep_window_days` are read
  // anew every `sweep_days` days, a share in each run. The filter finds these items.
  std::uint16_t sweep_window_days = 0;
  std::uint16_t sweep_days = 0;
  std::string_view created_filter = {};   // "min_date_created"
  std::string_view names_the_store = {};  // where the name of the store itself stands, in the only type that has it
  std::string_view change_filter = {};    // "date_modified:min"; empty: an incremental run lists everything
  std::string_view modified_field = {};   // "date_modified"
  std::string_view created_field = {};
  Few<Part, 14> parts = {};
  Few<Reference, 20> references = {};
  Few<std::string_view, 4> unique = {};  // fields that the platform keeps unique; a conflict is told by their value
  Few<std::string_view, 4> create_only = {};   // writable when the item is made, must be absent later
  Few<std::string_view, 20> hook_scopes = {};  // webhook scopes that tell of changes; `{id}` is a channel
  bool hook_on_delete = false;
  std::uint16_t batch_create = 0;  // items per call; 0: one, by plain object
  std::uint16_t batch_update = 0;
};

}  // namespace backstock::content
