# Warnings that are errors, hardening, sanitizers: one interface target that every room and test links.
add_library(backstock_flags INTERFACE)

target_compile_options(backstock_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wmissing-field-initializers -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # C++20 designated initialisers leave defaulted members out on purpose; g++ tells those two apart, clang does not.
  target_compile_options(backstock_flags INTERFACE -Wno-missing-field-initializers)
endif()

if(BACKSTOCK_SANITIZE)
  # With sanitizers g++ 12 sees uninitialised members in its own <regex> and <functional>, and says itself that such
  # warnings are unreliable then; the build without sanitizers keeps the warning.
  target_compile_options(backstock_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_options(backstock_flags INTERFACE -fsanitize=${BACKSTOCK_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(backstock_flags INTERFACE -fsanitize=${BACKSTOCK_SANITIZE})
else()
  target_compile_options(backstock_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  target_link_options(backstock_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
    target_compile_options(backstock_flags INTERFACE -fcf-protection)
  endif()
endif()
