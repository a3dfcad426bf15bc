# What `cmake --install` puts beside the binary: the unit, its user and folder, the example config, the man page.
#
# The unit and the folder for configuration depend on the prefix given at install time (`cmake --install DIR --prefix P`),
# which is known only then: hence code. With the prefix /usr the configuration is in /etc, as the file system standard has it.
install(CODE "
  set(root \"\$ENV{DESTDIR}\")
  if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
    set(etc /etc)
  else()
    set(etc \"\${CMAKE_INSTALL_PREFIX}/etc\")
  endif()
  file(READ \"${CMAKE_SOURCE_DIR}/systemd/backstock.service\" unit)
  string(REPLACE \"/usr/bin/backstock\" \"\${CMAKE_INSTALL_PREFIX}/bin/backstock\" unit \"\${unit}\")
  string(REPLACE \"/etc/backstock/backstock.yaml\" \"\${etc}/backstock/backstock.yaml\" unit \"\${unit}\")
  set(unit_file \"\${root}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/backstock.service\")
  file(WRITE \"\${unit_file}\" \"\${unit}\")
  message(STATUS \"Installing: \${unit_file}\")
  file(INSTALL DESTINATION \"\${etc}/backstock\" TYPE FILE FILES \"${CMAKE_SOURCE_DIR}/etc/backstock.example.yaml\")
")
install(FILES etc/backstock.sysusers DESTINATION lib/sysusers.d RENAME backstock.conf)
install(FILES etc/backstock.tmpfiles DESTINATION lib/tmpfiles.d RENAME backstock.conf)
install(FILES etc/backstock.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
