// libsystemd, loaded when somebody asks for services or events: what does neither does not pay for it, and a
// machine without it has no such classes.
#pragma once

#include <systemd/sd-bus.h>
#include <systemd/sd-journal.h>

#include <string>

namespace mullion::cim {

struct SystemdLibrary {
    decltype(&::sd_bus_new) bus_new = nullptr;
    decltype(&::sd_bus_close_unref) bus_close_unref = nullptr;
    decltype(&::sd_bus_set_address) bus_set_address = nullptr;
    decltype(&::sd_bus_set_bus_client) bus_set_bus_client = nullptr;
    decltype(&::sd_bus_set_method_call_timeout) bus_set_timeout = nullptr;
    decltype(&::sd_bus_start) bus_start = nullptr;
    decltype(&::sd_bus_is_ready) bus_is_ready = nullptr;
    decltype(&::sd_bus_process) bus_process = nullptr;
    decltype(&::sd_bus_wait) bus_wait = nullptr;
    decltype(&::sd_bus_call_method) bus_call_method = nullptr;
    decltype(&::sd_bus_match_signal) bus_match_signal = nullptr;
    decltype(&::sd_bus_path_encode) bus_path_encode = nullptr;
    decltype(&::sd_bus_error_free) bus_error_free = nullptr;
    decltype(&::sd_bus_message_unref) message_unref = nullptr;
    decltype(&::sd_bus_message_read) message_read = nullptr;
    decltype(&::sd_bus_message_read_basic) message_read_basic = nullptr;
    decltype(&::sd_bus_message_peek_type) message_peek_type = nullptr;
    decltype(&::sd_bus_message_enter_container) message_enter = nullptr;
    decltype(&::sd_bus_message_exit_container) message_exit = nullptr;
    decltype(&::sd_bus_message_skip) message_skip = nullptr;

    decltype(&::sd_journal_open) journal_open = nullptr;
    decltype(&::sd_journal_open_directory) journal_open_directory = nullptr;
    decltype(&::sd_journal_close) journal_close = nullptr;
    decltype(&::sd_journal_has_runtime_files) journal_has_runtime_files = nullptr;
    decltype(&::sd_journal_has_persistent_files) journal_has_persistent_files = nullptr;
    decltype(&::sd_journal_add_match) journal_add_match = nullptr;
    decltype(&::sd_journal_seek_tail) journal_seek_tail = nullptr;
    decltype(&::sd_journal_previous) journal_previous = nullptr;
    decltype(&::sd_journal_get_realtime_usec) journal_get_realtime = nullptr;
    decltype(&::sd_journal_get_cursor) journal_get_cursor = nullptr;
    decltype(&::sd_journal_get_data) journal_get_data = nullptr;
    decltype(&::sd_journal_set_data_threshold) journal_set_data_threshold = nullptr;
};

// Null: `why` says what is missing. Loaded once and kept; where that fails the next one tries again, as the
// package may have come meanwhile.
[[nodiscard]] const SystemdLibrary* systemd_library(std::string& why);

}  // namespace mullion::cim
