#include "service/access/winbind.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <pwd.h>
#include <wbclient.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "core/printable.h"
#include "service/access/principals.h"

namespace mullion::service {
namespace {

constexpr const char* library_file = "libwbclient.so.0";
constexpr auto patience = std::chrono::seconds(5);  // For a turn; the question itself is winbind's to bound.
constexpr std::size_t key_size = 16;
constexpr std::size_t longest_reason = 300;

struct Library {
    decltype(&::wbcCtxCreate) create = nullptr;
    decltype(&::wbcCtxFree) free_context = nullptr;
    decltype(&::wbcCtxAuthenticateUserEx) authenticate = nullptr;
    decltype(&::wbcCtxInterfaceDetails) details = nullptr;
    decltype(&::wbcFreeMemory) free_memory = nullptr;
    decltype(&::wbcErrorString) text = nullptr;
};

Error refused(std::string_view why) {
    return Error(ErrorId::auth_rejected, fmt::format("winbind: {}", why));
}

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

template <class Function>
Result<void> find(void* handle, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    if (function == nullptr) return refused(fmt::format("{} has no {}", library_file, name));
    return {};
}

// Loaded once and kept; where that fails the next one tries again, as the package may have come meanwhile.
Result<const Library*> library() {
    static std::mutex mutex;
    static Library kept;
    static bool loaded = false;
    const std::lock_guard lock(mutex);
    if (loaded) return &kept;
    void* handle = dlopen(library_file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return refused(fmt::format("loading {}: {}", library_file, text_of(dlerror())));
    Library found;
    MULLION_TRY(find(handle, "wbcCtxCreate", found.create));
    MULLION_TRY(find(handle, "wbcCtxFree", found.free_context));
    MULLION_TRY(find(handle, "wbcCtxAuthenticateUserEx", found.authenticate));
    MULLION_TRY(find(handle, "wbcCtxInterfaceDetails", found.details));
    MULLION_TRY(find(handle, "wbcFreeMemory", found.free_memory));
    MULLION_TRY(find(handle, "wbcErrorString", found.text));
    kept = found;
    loaded = true;
    return &kept;
}

// A conversation with winbind. What it gives is freed by the library itself.
class Conversation {
public:
    explicit Conversation(const Library& library) : library_(library), context_(library.create()) {}
    ~Conversation() {
        if (context_ != nullptr) library_.free_context(context_);
    }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    Result<void> ask_for_itself(DomainWord& word);
    Result<Secret> ask(const ntlm::DomainClaim& claim, DomainWord& word);

private:
    template <class T>
    auto owned(T* given) {
        return std::unique_ptr<T, decltype(library_.free_memory)>(given, library_.free_memory);
    }
    Error explain(wbcErr code, const wbcAuthErrorInfo* error) const;

    const Library& library_;
    wbcContext* context_;
};

Result<void> Conversation::ask_for_itself(DomainWord& word) {
    struct wbcInterfaceDetails* given = nullptr;
    const wbcErr code = context_ == nullptr ? WBC_ERR_NO_MEMORY : library_.details(context_, &given);
    const auto details = owned(given);
    if (code != WBC_ERR_SUCCESS) return explain(code, nullptr);
    word.own_domain = text_of(details->netbios_domain);
    word.own_dns_domain = text_of(details->dns_domain);
    return {};
}

Result<Secret> Conversation::ask(const ntlm::DomainClaim& claim, DomainWord& word) {
    std::string response = claim.response;  // The library wants it to write to.
    wbcAuthUserParams question{};
    question.account_name = claim.user.c_str();
    const std::string& domain =
        claim.domain.empty() && claim.user.find('@') == std::string::npos ? word.own_domain : claim.domain;
    question.domain_name = domain.c_str();
    question.workstation_name = "";
    question.level = wbcAuthUserParams::WBC_AUTH_USER_LEVEL_RESPONSE;
    std::copy_n(claim.challenge.begin(), std::size(question.password.response.challenge),
                question.password.response.challenge);
    question.password.response.nt_data = reinterpret_cast<std::uint8_t*>(response.data());
    question.password.response.nt_length = static_cast<std::uint32_t>(response.size());

    wbcAuthUserInfo* given = nullptr;
    wbcAuthErrorInfo* problem = nullptr;
    const wbcErr code = library_.authenticate(context_, &question, &given, &problem);
    const auto info = owned(given);
    const auto error = owned(problem);
    if (code != WBC_ERR_SUCCESS || !info) return explain(code, error.get());
    word.user = text_of(info->account_name);
    word.domain = text_of(info->domain_name);
    word.dns_domain = text_of(info->dns_domain_name);
    word.guest = (info->user_flags & WBC_AUTH_USER_INFO_GUEST) != 0;
    static_assert(sizeof info->user_session_key == key_size);
    Secret key({reinterpret_cast<const char*>(info->user_session_key), key_size});
    wipe_memory(info->user_session_key, key_size);
    return key;
}

Error Conversation::explain(wbcErr code, const wbcAuthErrorInfo* error) const {
    std::string why = error != nullptr ? text_of(error->nt_string) : std::string();
    if (why.empty()) why = text_of(library_.text(code));
    // Otherwise nobody would guess that it is the socket of the privileged that is meant.
    if (error != nullptr && error->nt_status == 0xC0000022)
        why += "; the user that the service runs as must be of the group that may enter winbindd_privileged";
    why = one_line(why);
    if (why.size() > longest_reason) why.resize(longest_reason);
    return refused(why);
}

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
}

// Gives its turn back, and tells that turns end.
class Turn {
public:
    Turn(std::counting_semaphore<>& turns, std::atomic<bool>& stuck) : turns_(turns), stuck_(stuck) {
        taken_ = stuck ? turns.try_acquire() : turns.try_acquire_for(patience);
        if (!taken_) stuck = true;
    }
    ~Turn() {
        if (!taken_) return;
        stuck_ = false;
        turns_.release();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    [[nodiscard]] bool taken() const { return taken_; }

private:
    std::counting_semaphore<>& turns_;
    std::atomic<bool>& stuck_;
    bool taken_ = false;
};

}  // namespace

Result<auth::AccountRecord> account_of(const DomainWord& word, auth::AccountLookup& accounts) {
    const bool own = !word.domain.empty() && upper(word.domain) == upper(word.own_domain);
    const std::string realm = upper(own ? word.own_dns_domain : word.dns_domain);
    const std::string whole = fmt::format("{}@{}", word.user, realm);
    if (word.guest || word.user.empty() || realm.empty())
        return refused(
            fmt::format("{}\\{} is a guest, or of a domain without a name", word.domain, word.user));
    MULLION_ASSIGN(
        auto found,
        RealmPrincipals(accounts, own ? std::vector{realm} : std::vector<std::string>()).find(whole));
    if (!found) return refused(fmt::format("there is no account for {}", whole));
    return std::move(*found);
}

Result<ntlm::DomainProof> Winbind::prove(const ntlm::DomainClaim& claim) {
    if (claim.challenge.size() != 8) return refused("the challenge is not eight bytes");
    const Turn turn(turns_, stuck_);
    if (!turn.taken()) return refused("it has not answered others for a while");
    MULLION_ASSIGN(const Library* const loaded, library());
    Conversation conversation(*loaded);
    DomainWord word;
    MULLION_TRY(conversation.ask_for_itself(word));
    MULLION_ASSIGN(Secret key, conversation.ask(claim, word));
    MULLION_ASSIGN(auto account, account_of(word, accounts_));
    return ntlm::DomainProof{std::move(key), std::move(account)};
}

Result<std::string> Winbind::domain() {
    MULLION_ASSIGN(const Library* const loaded, library());
    Conversation conversation(*loaded);
    DomainWord word;
    MULLION_TRY(conversation.ask_for_itself(word));
    return word.own_domain;
}

}  // namespace mullion::service
