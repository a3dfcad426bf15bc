# One step of building the page, for daemon/http/room.cmake: what fails says what to do about it.
#
#   cmake -DSTEP=install|build -DNODE= -DNPM= -DWEBUI=DIR -DOUT=DIR -P scripts/build_webui.cmake
function(run advice)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WEBUI} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT failed EQUAL 0)
    message(FATAL_ERROR "${said}\nThe page was not built. ${advice} Without it: -DBACKSTOCK_WEBUI=OFF.")
  endif()
endfunction()

if(STEP STREQUAL "install")
  run("npm must reach its registry, or have the packages of webui/package-lock.json in its cache."
      ${NPM} ci --no-audit --no-fund --loglevel=error)
else()
  file(REMOVE_RECURSE ${OUT}) # what is no longer made must not be embedded
  run("The lines above name the place in webui/." ${NODE} build.mjs --out ${OUT})
endif()
