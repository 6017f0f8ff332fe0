#include "cim/systemd_library.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <mutex>

namespace mullion::cim {
namespace {

constexpr const char* library_file = "libsystemd.so.0";

class Finder {
public:
    Finder(void* handle, std::string& why) : handle_(handle), why_(why) {}
    template <class Function>
    Finder& operator()(const char* name, Function& function) {
        function = reinterpret_cast<Function>(::dlsym(handle_, name));
        if (function == nullptr && whole) why_ = fmt::format("{} has no {}", library_file, name);
        whole = whole && function != nullptr;
        return *this;
    }
    bool whole = true;

private:
    void* handle_;
    std::string& why_;
};

void find_bus(Finder& find, SystemdLibrary& found) {
    find("sd_bus_new", found.bus_new)("sd_bus_close_unref", found.bus_close_unref)(
        "sd_bus_set_address", found.bus_set_address)("sd_bus_set_bus_client", found.bus_set_bus_client)(
        "sd_bus_set_method_call_timeout", found.bus_set_timeout)("sd_bus_start", found.bus_start)(
        "sd_bus_is_ready", found.bus_is_ready)("sd_bus_process", found.bus_process)(
        "sd_bus_wait", found.bus_wait)("sd_bus_call_method", found.bus_call_method)(
        "sd_bus_match_signal", found.bus_match_signal)("sd_bus_path_encode", found.bus_path_encode)(
        "sd_bus_error_free", found.bus_error_free)("sd_bus_message_unref", found.message_unref)(
        "sd_bus_message_read", found.message_read)("sd_bus_message_read_basic", found.message_read_basic)(
        "sd_bus_message_peek_type", found.message_peek_type)("sd_bus_message_enter_container",
                                                             found.message_enter)(
        "sd_bus_message_exit_container", found.message_exit)("sd_bus_message_skip", found.message_skip);
}

void find_journal(Finder& find, SystemdLibrary& found) {
    find("sd_journal_open", found.journal_open)("sd_journal_open_directory", found.journal_open_directory)(
        "sd_journal_close", found.journal_close)(
        "sd_journal_has_runtime_files", found.journal_has_runtime_files)("sd_journal_has_persistent_files",
                                                                         found.journal_has_persistent_files)(
        "sd_journal_add_match", found.journal_add_match)("sd_journal_seek_tail", found.journal_seek_tail)(
        "sd_journal_previous", found.journal_previous)("sd_journal_get_realtime_usec",
                                                       found.journal_get_realtime)(
        "sd_journal_get_cursor", found.journal_get_cursor)("sd_journal_get_data", found.journal_get_data)(
        "sd_journal_set_data_threshold", found.journal_set_data_threshold);
}

}  // namespace

const SystemdLibrary* systemd_library(std::string& why) {
    static std::mutex mutex;
    static SystemdLibrary kept;
    static bool loaded = false;
    const std::lock_guard lock(mutex);
    if (loaded) return &kept;
    void* const handle = ::dlopen(library_file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* const text = ::dlerror();
        why = fmt::format("loading {}: {}", library_file, text ? text : "unknown");
        return nullptr;
    }
    SystemdLibrary found;
    Finder find(handle, why);
    find_bus(find, found);
    find_journal(find, found);
    if (!find.whole) return nullptr;
    kept = found;
    loaded = true;
    return &kept;
}

}  // namespace mullion::cim
