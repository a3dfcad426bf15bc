# The page in the binary. Until the full page's build exists, the minimal one.
include(${CMAKE_SOURCE_DIR}/scripts/embed.cmake)
embed_files(backstock_http webui ${CMAKE_SOURCE_DIR}/webui/stub app.css app.js favicon.svg index.html)
