# cmake -DOUTPUT=FILE.cc -DSOURCES="a.sh;b.sh" -P embed.cmake: the parts of the script as one constant, in this order. They are files of their own so
# that they are read, and looked through by shellcheck, as what they are.
set(text "// Made of script/*.sh by embed.cmake.\n#include \"prepare/kerberos/script_parts.h\"\n\nnamespace mullion::prepare {\n\nconst std::string_view script_parts =\n")
foreach(source ${SOURCES})
  file(READ ${source} part)
  string(APPEND text "    R\"__sh__(\n${part})__sh__\"\n")
endforeach()
string(APPEND text "    ;\n\n}  // namespace mullion::prepare\n")
file(WRITE ${OUTPUT} "${text}")
