#include "client/hint_signs.h"

#include <array>

namespace mullion::client {
namespace {

constexpr Mark number(std::uint32_t value) {
    return {Sign::number, {}, value};
}
constexpr Mark name(std::string_view text) {
    return {Sign::name, text};
}
constexpr Mark sentence(std::string_view text) {
    return {Sign::sentence, text};
}

// [MS-ERREF] 2.1.1: E_ACCESSDENIED. PowerShell's category and .NET's exception say it by name.
constexpr std::array access_denied{
    number(0x80070005),
    name("E_ACCESSDENIED"),
    name("UnauthorizedAccess"),
    name("PermissionDenied"),
    sentence("System error 5 "),
    sentence("Systemfehler 5 "),
    sentence("Access is denied"),
    sentence("Zugriff verweigert"),
    sentence("Accès refusé"),
    sentence("Acceso denegado"),
    sentence("Accesso negato"),
    sentence("Acesso negado"),
    sentence("アクセスが拒否されました"),
    sentence("拒绝访问"),
};

constexpr std::array a_share{Mark{Sign::share, {}}};

// The password stayed behind, so the second hop is made as nobody.
constexpr std::array second_hop{
    number(0x8009030E),  // SEC_E_NO_CREDENTIALS
    name("NT AUTHORITY\\ANONYMOUS LOGON"),
    sentence("NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG"),
    sentence("AUTORITE NT\\ANONYMOUS LOGON"),
    sentence("No credentials are available in the security package"),
};

// WU_E_PER_MACHINE_UPDATE_ACCESS_DENIED is the agent's own.
constexpr std::array update_refused{number(0x80240044)};
constexpr std::array update_api{
    name("Microsoft.Update."), name("CreateUpdateDownloader"), name("CreateUpdateInstaller"),
    name("IUpdateDownloader"), name("IUpdateInstaller"),       name("wusa"),
};

constexpr std::array no_desktop{
    number(0x800705B3),  // ERROR_REQUIRES_INTERACTIVE_WINDOWSTATION
    number(0xC0000142),  // STATUS_DLL_INIT_FAILED: no desktop for a program with windows.
    name("UserInteractive"),
    name("InvalidOperation,Microsoft.PowerShell.Commands.ReadHostCommand"),
    sentence("requires an interactive window station"),
    sentence("is in NonInteractive mode"),
};

constexpr std::array no_master_key{
    number(0x8009000B),  // NTE_BAD_KEY_STATE
    number(0x80090345),  // SEC_E_DELEGATION_REQUIRED: the master key's backup cannot be made.
    sentence("Key not valid for use in specified state"),
    sentence("The computer must be trusted for delegation and the current user account must be configured"),
};
constexpr std::array protecting{name("ProtectedData"), name("CryptProtectData"), name("CryptUnprotectData")};
constexpr std::array cannot{name("CryptographicException"), number(0x80070005), number(0x80070002)};

constexpr std::array module_not_loaded{
    name("CouldNotAutoload"),
    sentence("was found in the module"),
};
constexpr std::array could_not_load{
    name("CouldNotAutoload"),
    sentence("but the module could not be loaded"),
};

constexpr std::array rows{
    SignRow{ErrorId::run_module_path, module_not_loaded, could_not_load},
    SignRow{ErrorId::run_windows_update, update_refused},
    SignRow{ErrorId::run_windows_update, update_api, access_denied},
    SignRow{ErrorId::run_double_hop, second_hop},
    SignRow{ErrorId::run_double_hop, a_share, access_denied},
    SignRow{ErrorId::run_non_interactive, no_desktop},
    SignRow{ErrorId::run_dpapi, no_master_key},
    SignRow{ErrorId::run_dpapi, protecting, cannot},
};

}  // namespace

std::span<const SignRow> sign_rows() {
    return rows;
}

}  // namespace mullion::client
