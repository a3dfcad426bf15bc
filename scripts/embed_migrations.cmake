# Puts a room's migrations/*.sql into its code, as raw string literals in the order of their numbers:
#
#   embed_migrations(ROOM HEADER)      defines backstock::ROOM::released_migrations(), which HEADER declares
function(embed_migrations room header)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/migrations/*.sql)
  list(SORT files)
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} sql)
    string(APPEND rows "      {\"${name}\", R\"_sql_(${sql})_sql_\"},\n")
  endforeach()
  set(code ${CMAKE_CURRENT_BINARY_DIR}/${room}_migrations.cpp)
  file(CONFIGURE OUTPUT ${code} @ONLY CONTENT "#include \"${header}\"

namespace backstock::${room} {

std::span<const index::Migration> released_migrations() {
  static const index::Migration kAll[] = {
${rows}  };
  return kAll;
}

}  // namespace backstock::${room}
")
  target_sources(backstock_${room} PRIVATE ${code})
endfunction()
