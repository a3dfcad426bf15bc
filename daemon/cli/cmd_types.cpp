// `backstock types`: what is backed up, from the registry.
#include "cli/commands.h"
#include "cli/terminal.h"
#include "content/registry.h"

namespace backstock::cli {

Result<int> types_command(const CommonArguments& arguments, Surroundings& s) {
  Json json = Json::array();
  std::vector<std::vector<std::string>> rows = {{"TYPE", "WHAT", "PARTS", "OAUTH SCOPE TO READ"}};
  for (const content::ContentType& type : content::all_types()) {
    std::string parts;
    Json part_names = Json::array();
    for (const content::Part& part : type.parts) {
      parts.append(parts.empty() ? "" : ", ").append(part.name);
      part_names.push_back(part.name);
    }
    rows.push_back(
        {std::string(type.name), std::string(type.label), parts.empty() ? "-" : parts, std::string(type.scope_read)});
    json.push_back(Json{{"type", type.name},
                        {"label", type.label},
                        {"group", type.group},
                        {"parts", std::move(part_names)},
                        {"scope_read", type.scope_read},
                        {"scope_write", type.scope_write},
                        {"restore_note", type.restore_note}});
  }
  if (arguments.json) {
    print_json(s.out, Json{{"types", std::move(json)}});
  } else {
    print_table(s.out, rows);
  }
  return 0;
}

}  // namespace backstock::cli
