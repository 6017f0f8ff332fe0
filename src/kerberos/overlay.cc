#include "kerberos/overlay.h"

#include <fmt/core.h>

#include <cstdlib>
#include <cstring>

namespace mullion::kerberos {
namespace {

// Shared by all copies of a profile; never changed.
struct Overlay {
    std::shared_ptr<_profile_t> base;
    Settings settings;
};
using Shared = std::shared_ptr<const Overlay>;

const Overlay& overlay_of(void* data) {
    return **static_cast<Shared*>(data);
}

void free_values(void* /*data*/, char** values) {
    if (values == nullptr) return;
    for (char** value = values; *value != nullptr; ++value) std::free(*value);
    std::free(values);
}

// The library wants lists that malloc made, and gives them back to free_values.
long copy_values(const std::vector<std::string>& values, char*** copy) {
    auto** list = static_cast<char**>(std::calloc(values.size() + 1, sizeof(char*)));
    if (list == nullptr) return ENOMEM;
    for (std::size_t i = 0; i < values.size(); ++i) {
        list[i] = strdup(values[i].c_str());
        if (list[i] != nullptr) continue;
        free_values(nullptr, list);
        return ENOMEM;
    }
    *copy = list;
    return 0;
}

long get_values(void* data, const char* const* names, char*** values) {
    const auto& overlay = overlay_of(data);
    std::vector<std::string> path;
    for (const auto* name = names; *name != nullptr; ++name) path.emplace_back(*name);
    if (const auto own = overlay.settings.find(path); own != overlay.settings.end())
        return copy_values(own->second, values);
    const auto& library = loaded_library();
    char** found = nullptr;
    const long code = library.profile_get_values(overlay.base.get(), names, &found);
    if (code != 0) return code;
    std::vector<std::string> list;
    for (char** value = found; value != nullptr && *value != nullptr; ++value) list.emplace_back(*value);
    library.profile_free_list(found);
    return copy_values(list, values);
}

long copy(void* data, void** another) {
    *another = new Shared(*static_cast<Shared*>(data));
    return 0;
}

void cleanup(void* data) {
    delete static_cast<Shared*>(data);
}

}  // namespace

Result<std::shared_ptr<_profile_t>> lay_over(const Library& library, std::shared_ptr<_profile_t> base,
                                             Settings settings) {
    profile_vtable table{};
    table.minor_ver = 1;
    table.get_values = get_values;
    table.free_values = free_values;
    table.cleanup = cleanup;
    table.copy = copy;
    auto data = std::make_unique<Shared>(
        std::make_shared<const Overlay>(Overlay{std::move(base), std::move(settings)}));
    profile_t profile = nullptr;
    const auto code = library.profile_init_vtable(&table, data.get(), &profile);
    if (code != 0)
        return Error(ErrorId::kerberos_failed,
                     fmt::format("preparing Kerberos: {}",
                                 message_of(library, nullptr, static_cast<krb5_error_code>(code))));
    (void)data.release();  // cleanup's now.
    return std::shared_ptr<_profile_t>(profile, library.profile_release);
}

std::vector<std::string> values_of(const Library& library, _profile_t* profile,
                                   const std::vector<std::string>& names) {
    std::vector<const char*> list;
    for (const auto& name : names) list.push_back(name.c_str());
    list.push_back(nullptr);
    char** found = nullptr;
    if (library.profile_get_values(profile, list.data(), &found) != 0) return {};
    std::vector<std::string> values;
    for (char** value = found; value != nullptr && *value != nullptr; ++value) values.emplace_back(*value);
    library.profile_free_list(found);
    return values;
}

}  // namespace mullion::kerberos
