include(${CMAKE_SOURCE_DIR}/scripts/embed_migrations.cmake)
embed_migrations(state state/state_file.h)
