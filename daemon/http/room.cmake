# The page in the binary: built from webui/ by Node, or the stub, which says that this daemon has no page.
include(${CMAKE_SOURCE_DIR}/scripts/embed.cmake)
set(webui ${CMAKE_SOURCE_DIR}/webui)
find_program(BACKSTOCK_NODE NAMES node nodejs)
find_program(BACKSTOCK_NPM npm)
if(EXISTS ${webui}/package.json AND BACKSTOCK_NODE AND BACKSTOCK_NPM)
  set(can_build ON)
else()
  set(can_build OFF)
endif()
option(BACKSTOCK_WEBUI "build the page (needs Node.js 18 and npm); OFF: a stub in its place" ${can_build})
if(BACKSTOCK_WEBUI AND NOT can_build)
  message(WARNING "The page cannot be built: that needs Node.js and npm (Debian: nodejs and npm). "
                  "The daemon gets a stub in its place; BACKSTOCK_WEBUI=OFF says that this is meant.")
endif()

if(BACKSTOCK_WEBUI AND can_build)
  # npm writes this file last. It lies among the sources, so that all build folders share one installation.
  set(installed ${webui}/node_modules/.package-lock.json)
  set(page ${CMAKE_BINARY_DIR}/webui)
  set(stamp ${CMAKE_BINARY_DIR}/webui.stamp)
  set(run ${CMAKE_COMMAND} -DNODE=${BACKSTOCK_NODE} -DNPM=${BACKSTOCK_NPM} -DWEBUI=${webui} -DOUT=${page})
  add_custom_command(OUTPUT ${installed}
    COMMAND ${run} -DSTEP=install -P ${CMAKE_SOURCE_DIR}/scripts/build_webui.cmake
    DEPENDS ${webui}/package.json ${webui}/package-lock.json
    COMMENT "Installing the packages that the page is built with" VERBATIM)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${webui}/src/*)
  file(GLOB more CONFIGURE_DEPENDS ${webui}/*.html ${webui}/*.svg ${webui}/*.mjs ${webui}/tsconfig.json)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${run} -DSTEP=build -P ${CMAKE_SOURCE_DIR}/scripts/build_webui.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${installed} ${sources} ${more} ${CMAKE_SOURCE_DIR}/scripts/build_webui.cmake
    COMMENT "Building the page" VERBATIM)
  embed_folder(backstock_http webui ${page} ${stamp})
else()
  message(STATUS "The daemon is built without the page: it serves a stub that says so")
  embed_files(backstock_http webui ${webui}/stub app.css favicon.svg index.html)
endif()
