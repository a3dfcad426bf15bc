# Puts files into the binary, byte for byte: an assembler file with one .incbin each, and a table (path, bytes, the same
# compressed where that is smaller, ETag from the SHA-256, content type) that backstock::http::<SYMBOL>_files() gives out.
#
#   embed_files(TARGET SYMBOL DIR files...)       files are named from DIR; sub-folders are fine
#   embed_folder(TARGET SYMBOL DIR STAMP)         all that another build step puts into DIR before it touches STAMP
#
# The work happens at build time (this file runs itself as a script), so a changed file is embedded anew.

set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(embed_files target symbol dir)
  list(TRANSFORM ARGN PREPEND "${dir}/" OUTPUT_VARIABLE sources)
  string(REPLACE ";" "," names "${ARGN}") # a list would fall apart on the command line
  embed(${target} ${symbol} ${dir} "${names}" "${sources}")
endfunction()

function(embed_folder target symbol dir stamp)
  embed(${target} ${symbol} ${dir} "" ${stamp})
endfunction()

function(embed target symbol dir names sources)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}_files)
  add_custom_command(OUTPUT ${out}.S ${out}.cpp
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DDIR=${dir} -DFILES=${names} -DOUT=${out} -P ${EMBED_SCRIPT}
    DEPENDS ${sources} ${EMBED_SCRIPT}
    COMMENT "Embedding ${symbol} files" VERBATIM)
  # make and ninja cannot see through .incbin.
  set_source_files_properties(${out}.S PROPERTIES OBJECT_DEPENDS "${sources}")
  # A library of its own, as the warning flags of our C++ are not for the assembler.
  add_library(${target}_${symbol} OBJECT ${out}.S)
  target_sources(${target} PRIVATE ${out}.cpp $<TARGET_OBJECTS:${target}_${symbol}>)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

# From here on: the script that the build step runs.
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_json "application/json")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_ico "image/x-icon")
set(type_woff2 "font/woff2")
set(type_txt "text/plain; charset=utf-8")

find_program(GZIP gzip REQUIRED)
if(FILES)
  string(REPLACE "," ";" FILES "${FILES}")
else()
  file(GLOB_RECURSE FILES RELATIVE ${DIR} ${DIR}/*)
endif()
list(SORT FILES)
set(assembly "  .section .rodata\n")
set(symbols "")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
  set(source ${DIR}/${file})
  if(NOT EXISTS ${source})
    message(FATAL_ERROR "embed.cmake: ${source} does not exist")
  endif()
  get_filename_component(extension ${file} LAST_EXT)
  string(REPLACE "." "" extension "${extension}")
  if(NOT DEFINED type_${extension})
    message(FATAL_ERROR "embed.cmake: no content type known for ${file}: add one to scripts/embed.cmake")
  endif()
  file(SHA256 ${source} hash)
  string(SUBSTRING ${hash} 0 32 tag)
  set(name backstock_embedded_${SYMBOL}_${number})
  # The end is a symbol too: the size cannot disagree with the bytes.
  string(APPEND assembly "  .balign 16\n  .globl ${name}\n${name}:\n  .incbin \"${source}\"\n"
    "  .globl ${name}_end\n${name}_end:\n  .byte 0 /* ${hash} */\n")
  string(APPEND symbols "extern \"C\" const char ${name}[];\nextern \"C\" const char ${name}_end[];\n")
  set(compressed "{}")
  if("${type_${extension}}" MATCHES "^text/|json|svg")
    set(packed ${OUT}_${number}.gz)
    execute_process(COMMAND ${GZIP} -9 -n -c ${source} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${source} plain_size)
    file(SIZE ${packed} packed_size)
    if(packed_size LESS plain_size)
      string(APPEND assembly "  .globl ${name}_gz\n${name}_gz:\n  .incbin \"${packed}\"\n"
        "  .globl ${name}_gz_end\n${name}_gz_end:\n  .byte 0\n")
      string(APPEND symbols "extern \"C\" const char ${name}_gz[];\nextern \"C\" const char ${name}_gz_end[];\n")
      set(compressed "bytes(${name}_gz, ${name}_gz_end)")
    endif()
  endif()
  string(APPEND table "      {\"${file}\", bytes(${name}, ${name}_end), ${compressed}, R\"(\"${tag}\")\", "
    "\"${type_${extension}}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
# Without this section the linker would make the whole program's stack executable.
string(APPEND assembly "  .section .note.GNU-stack,\"\",@progbits\n")

file(WRITE ${OUT}.S "${assembly}")
file(WRITE ${OUT}.cpp "// Made by scripts/embed.cmake from ${DIR}.
#include \"http/embedded_file.h\"

${symbols}
namespace backstock::http {
namespace {

ByteView bytes(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::span<const EmbeddedFile> ${SYMBOL}_files() {
  static const EmbeddedFile kFiles[] = {
${table}  };
  return kFiles;
}

}  // namespace backstock::http
")
