include(${CMAKE_SOURCE_DIR}/scripts/embed_migrations.cmake)
embed_migrations(index index/migrate.h)
