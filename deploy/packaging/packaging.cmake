# What is installed where, and what cpack makes of it (deploy/README.md).
#
# Components: `programs` and `documents` are for everybody; `libraries` makes the tarball independent of
# what the machine has; `system` belongs into the .deb only, since it names absolute paths.
include(GNUInstallDirs)

set(shipped_programs nats-mcp-server nats-mcp-coordinator)

# What has to be built before anything can be installed or packed.
add_custom_target(shipped DEPENDS ${shipped_programs})

# -- programs ----------------------------------------------------------------------------------------------------------

# RPATH, not RUNPATH: the bundled libraries need each other, and only RPATH holds for them too.
foreach(program IN LISTS shipped_programs)
  set_target_properties(${program} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/nats-mcp-server")
  target_link_options(${program} PRIVATE -Wl,--disable-new-dtags)
endforeach()
install(TARGETS ${shipped_programs}
  RUNTIME_DEPENDENCY_SET shipped_libraries
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)

# install_compressed(<component> <file> <name> <destination>): Debian wants man pages and changelogs
# compressed, and without the time in them, so that two builds are equal.
find_program(GZIP_PROGRAM gzip REQUIRED)
function(install_compressed component file name destination)
  set(compressed ${PROJECT_BINARY_DIR}/packaging/${name}.gz)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  execute_process(COMMAND ${GZIP_PROGRAM} -9nc ${file}
    OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${compressed} DESTINATION ${destination} COMPONENT ${component})
endfunction()

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
foreach(program IN LISTS shipped_programs)
  install_compressed(programs ${CMAKE_CURRENT_LIST_DIR}/man/${program}.1 ${program}.1 ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/completion/${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT programs)
endforeach()

# -- documents: whatever a page links to or tells to run stands where it does in the sources, as far as it is shipped --

set(document_directory ${CMAKE_INSTALL_DATADIR}/doc/nats-mcp-server)
install(FILES README.md SECURITY.md CONTRIBUTING.md CHANGELOG.md deploy/packaging/debian/copyright
  DESTINATION ${document_directory} COMPONENT documents)
# With .claude-plugin the folder is a marketplace for Claude Code, as the sources are.
install(DIRECTORY docs .claude-plugin DESTINATION ${document_directory} COMPONENT documents)
install(DIRECTORY deploy/claude-plugin DESTINATION ${document_directory}/deploy COMPONENT documents)
install(DIRECTORY deploy/nats DESTINATION ${document_directory}/deploy COMPONENT documents
  FILES_MATCHING PATTERN "*.conf")
install(DIRECTORY deploy/nats DESTINATION ${document_directory}/deploy COMPONENT documents
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE
  FILES_MATCHING PATTERN "*.sh")
# After the pages, since it changes the installed ones.
install(CODE "execute_process(
    COMMAND \"${CMAKE_CURRENT_LIST_DIR}/name-sources.sh\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${document_directory}\"
    COMMAND_ERROR_IS_FATAL ANY)"
  COMPONENT documents)
install_compressed(documents ${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog ${document_directory})
configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog.in packaging/changelog.Debian @ONLY)
install_compressed(documents ${PROJECT_BINARY_DIR}/packaging/changelog.Debian changelog.Debian ${document_directory})

# -- libraries: for the tarball, everything but what belongs to the system's libc --------------------------------------

install(RUNTIME_DEPENDENCY_SET shipped_libraries
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so"
  DESTINATION lib/nats-mcp-server COMPONENT libraries EXCLUDE_FROM_ALL)
install(CODE "execute_process(
    COMMAND \"${CMAKE_CURRENT_LIST_DIR}/copy-notices.sh\" \"${CMAKE_LIBRARY_ARCHITECTURE}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\"
    COMMAND_ERROR_IS_FATAL ANY)"
  COMPONENT libraries EXCLUDE_FROM_ALL)

# -- system: units and their configuration -----------------------------------------------------------------------------

install(FILES
  ${CMAKE_CURRENT_LIST_DIR}/systemd/nats-mcp-coordinator.service
  ${CMAKE_CURRENT_LIST_DIR}/systemd/nats-mcp-nats.service
  DESTINATION lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/etc/nats-server.conf
  DESTINATION /etc/nats-mcp COMPONENT system EXCLUDE_FROM_ALL)
# It holds a token and a password.
install(FILES ${CMAKE_CURRENT_LIST_DIR}/etc/coordinator.env
  DESTINATION /etc/nats-mcp PERMISSIONS OWNER_READ OWNER_WRITE COMPONENT system EXCLUDE_FROM_ALL)

# -- cpack -------------------------------------------------------------------------------------------------------------

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME nats-mcp-server)
set(CPACK_PACKAGE_VENDOR "The nats-mcp-server authors")
set(CPACK_PACKAGE_CONTACT "The nats-mcp-server authors <maintainers@users.noreply.invalid>")
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_PACKAGE_FILE_NAME nats-mcp-server-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "lets AI agents talk and share work over NATS JetStream")
set(CPACK_STRIP_FILES ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/cpack_components.cmake)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"AI agents in Claude Code, or in any other client of the Model Context
Protocol, start one nats-mcp-server each. It gives them persistent channels,
a registry of agents, direct messages and leased work queues, all of them
stored in NATS JetStream.
.
Without a NATS server to connect to, a private one is started for the user,
which needs the package nats-server.")
# What the programs link is found by dpkg-shlibdeps. nats-server is for one machine only: agents
# that are given NATS_URL need none.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nats-server)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS bash-completion)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_LIST_DIR}/debian/postinst
  ${CMAKE_CURRENT_LIST_DIR}/debian/prerm
  ${CMAKE_CURRENT_LIST_DIR}/debian/postrm
  ${CMAKE_CURRENT_LIST_DIR}/debian/conffiles)
include(CPack)
