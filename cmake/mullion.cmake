# How a room, its unit tests and a fuzz target are declared.

find_program(CCACHE ccache)
if(CCACHE)
  # What was compiled in one folder is good for a clone in any other: names of files count from here.
  set(cache_settings CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1)
  if(MULLION_PRECOMPILED)
    # ccache knows a precompiled header by its checksum (mullion_checksum), and has to be told that this is enough.
    list(APPEND cache_settings CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${cache_settings} ${CCACHE})
endif()

find_package(Threads REQUIRED)

add_library(mullion_flags INTERFACE)
target_compile_options(mullion_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -fvisibility=hidden -fstack-protector-strong
  # g++ 12 finds uninitialised strings in every variant that a coroutine returns, and sees Asio's own allocation of
  # coroutine frames as a mismatch once it has inlined half of it. clang (fuzz/, tidy) does not know the former.
  -Wno-mismatched-new-delete $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  # At -O2 it also sees overlapping copies in string + string (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
target_include_directories(mullion_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(mullion_flags INTERFACE
  MULLION_VERSION="${PROJECT_VERSION}"
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_DISABLE_BOOST_REGEX
  # Coroutine frames from operator new, whose alignment they have: aligned_alloc() of glibc 2.36 passes by the thread's
  # own cache of free memory, for each frame.
  BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
if(MULLION_SANITIZE)
  target_compile_options(mullion_flags INTERFACE -fsanitize=${MULLION_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(mullion_flags INTERFACE -fsanitize=${MULLION_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang 14 cannot place the function check's prologue in coroutines ("difference across sections").
    target_compile_options(mullion_flags INTERFACE -fno-sanitize=function)
  endif()
else()
  target_compile_definitions(mullion_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()

# Of what precompiled headers say, for ccache: their own bytes name the folder in which they were made.
function(mullion_checksum file)
  list(TRANSFORM ARGN PREPEND "#include " OUTPUT_VARIABLE lines)
  list(JOIN lines "\n" text)
  file(WRITE ${file}.cc "${text}\n")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -E -P ${file}.cc OUTPUT_VARIABLE content COMMAND_ERROR_IS_FATAL ANY)
  string(SHA256 sum "${CMAKE_CXX_COMPILER_VERSION} ${content}")
  file(WRITE ${file}.sum ${sum})
endfunction()

# With MULLION_PRECOMPILED, what nearly every file includes is read once for all rooms and once for all tests. Only where
# another build without it shows that each file includes what it uses.
function(mullion_precompiled target from)
  if(NOT MULLION_PRECOMPILED)
    return()
  endif()
  if(NOT TARGET ${from})
    add_library(${from} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cc)
    target_link_libraries(${from} PRIVATE mullion_flags fmt::fmt)
    target_compile_options(${from} PRIVATE -Xclang -fno-pch-timestamp ${ARGN})
    set(headers ${MULLION_PRECOMPILED_HEADERS})
    if(from MATCHES "_tests$")
      target_link_libraries(${from} PRIVATE GTest::gtest)
      target_compile_options(${from} PRIVATE -fPIE)  # As executables are compiled.
      list(APPEND headers <gtest/gtest.h>)
    endif()
    target_precompile_headers(${from} PRIVATE ${headers})
    set(pch ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${from}.dir/cmake_pch.hxx.pch)
    set_target_properties(${from} PROPERTIES MULLION_PRECOMPILED ${pch})
    mullion_checksum(${pch} ${headers})
  endif()
  # Not REUSE_FROM, which also names the header's own folder on each command line: then ccache finds nothing of another's.
  get_target_property(pch ${from} MULLION_PRECOMPILED)
  get_target_property(sources ${target} SOURCES)
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -include-pch -Xclang ${pch}")
  set_property(SOURCE ${sources} APPEND PROPERTY OBJECT_DEPENDS ${pch})
endfunction()
set(MULLION_PRECOMPILED_HEADERS
  <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view>
  <utility> <variant> <vector> <fmt/core.h>)

# mullion_room(NAME SOURCES a.cc b.cc [USES room …] [LINK external …])
# A static library mullion_NAME. USES are rooms (their headers follow); LINK stays private to the room.
function(mullion_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINK;PUBLIC_LINK" ${ARGN})
  add_library(mullion_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(mullion_${name} PUBLIC mullion_flags ${ROOM_PUBLIC_LINK})
  if(NOT name STREQUAL core)
    target_link_libraries(mullion_${name} PUBLIC mullion_core)
  endif()
  foreach(used ${ROOM_USES})
    target_link_libraries(mullion_${name} PUBLIC mullion_${used})
  endforeach()
  target_link_libraries(mullion_${name} PRIVATE ${ROOM_LINK})
  mullion_precompiled(mullion_${name} precompiled_rooms)
endfunction()

# mullion_test(NAME SOURCES … USES room … [LINK …] [TIMEOUT seconds])
# One executable test_NAME, one CTest entry. Data beside the tests is found through tests/source_dir.
function(mullion_test name)
  if(NOT MULLION_TESTS)
    return()
  endif()
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;USES;LINK" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(test_${name} ${TEST_SOURCES})
  foreach(used ${TEST_USES})
    target_link_libraries(test_${name} PRIVATE mullion_${used})
  endforeach()
  target_link_libraries(test_${name} PRIVATE ${TEST_LINK} mullion_source_dir GTest::gtest GTest::gtest_main)
  if(MULLION_SANITIZE)
    # The tests' own code is not what is looked at: half the compiler's time for it is spared.
    set(plain -O0 -fno-sanitize=fuzzer-no-link)
    target_compile_options(test_${name} PRIVATE ${plain})
  endif()
  mullion_precompiled(test_${name} precompiled_tests ${plain})
  add_test(NAME unit_${name} COMMAND test_${name})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(MULLION_SANITIZE)
    math(EXPR TEST_TIMEOUT "${TEST_TIMEOUT} * 5")  # A process of theirs alone takes 20 ms to be started.
  endif()
  set_tests_properties(unit_${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS unit)
  if(MULLION_SANITIZE)
    set_tests_properties(unit_${name} PROPERTIES
      ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/leaks.supp:print_suppressions=0")
  endif()
endfunction()

# mullion_fuzz(NAME SOURCE file USES room …): fuzz_NAME, and the test seeds_NAME, which feeds it all of fuzz/seeds/NAME.
# With libFuzzer where it is built for fuzzing; elsewhere fuzz/replay.cc stands in its place, and only feeds.
function(mullion_fuzz name)
  cmake_parse_arguments(FUZZ "" "SOURCE" "USES;LINK" ${ARGN})
  add_executable(fuzz_${name} ${FUZZ_SOURCE})
  foreach(used ${FUZZ_USES})
    target_link_libraries(fuzz_${name} PRIVATE mullion_${used})
  endforeach()
  target_link_libraries(fuzz_${name} PRIVATE ${FUZZ_LINK})
  if(MULLION_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(fuzz_${name} PRIVATE mullion_fuzz_replay)
  endif()
  add_test(NAME seeds_${name} COMMAND fuzz_${name} -runs=0 ${CMAKE_SOURCE_DIR}/fuzz/seeds/${name})
  set_tests_properties(seeds_${name} PROPERTIES TIMEOUT 120 LABELS unit
    ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/leaks.supp:print_suppressions=0")
endfunction()
