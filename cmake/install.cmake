# cmake --install: programs, systemd's files and documents. The programs behind `mullion` lie where it looks for them
# (cli/programs.cc), and beside the monitor the folder that it puts at the end of each command's PATH.
include(GNUInstallDirs)
set(mullion_libexec libexec/mullion)

install(TARGETS mullion RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/bin/winrm ${CMAKE_BINARY_DIR}/bin/winrs ${CMAKE_BINARY_DIR}/bin/mullion-centreon DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS mullion-service mullion-monitor mullion-cim-host RUNTIME DESTINATION ${mullion_libexec})
install(DIRECTORY ${CMAKE_BINARY_DIR}/bin/commands DESTINATION ${mullion_libexec} USE_SOURCE_PERMISSIONS
  DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
install(FILES packaging/systemd/mullion.sysusers DESTINATION lib/sysusers.d RENAME mullion.conf)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY examples/checks DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# The units name the program with its path, which is known when it is installed (--prefix).
install(FILES packaging/systemd/mullion.socket packaging/systemd/mullion-https.socket DESTINATION lib/systemd/system)
install(CODE "
  file(READ \"${CMAKE_SOURCE_DIR}/packaging/systemd/mullion.service\" unit)
  string(REPLACE /usr/bin/mullion \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/mullion\" unit \"\${unit}\")
  set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/mullion.service\")
  message(STATUS \"Installing: \${place}\")
  file(WRITE \"\${place}\" \"\${unit}\")
")
