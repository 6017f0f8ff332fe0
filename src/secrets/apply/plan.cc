#include "secrets/apply/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "secrets/entities/references.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

// Managers whose credentials are kept by managers, and so on: nobody has more.
constexpr unsigned deepest = 32;

class Planner {
public:
    Planner(const std::vector<WrittenEntity>& wanted, const std::string& file, const FindEntity& find)
        : file_(file), find_(find) {
        for (const auto& one : wanted) wanted_.emplace(one.entity.identity, &one);
    }

    Result<std::vector<Change>> all(const std::vector<WrittenEntity>& wanted) {
        for (const auto& one : wanted) {
            line_ = one.line;
            MULLION_TRY(visit(one.entity, 0));
        }
        return std::move(changes_);
    }

private:
    enum class State { open, done };

    Error at(ErrorId id, std::string_view what) const {
        return {id, fmt::format("{}:{}: {}", file_, line_, what)};
    }
    Error at(Error error) const {
        error.detail = fmt::format("{}:{}: {}", file_, line_, error.detail);
        return error;
    }

    // As it will be. Nothing: there is none.
    Result<const Entity*> look_up(const Identity& identity) {
        if (const auto given = wanted_.find(identity); given != wanted_.end()) return &given->second->entity;
        auto known = kept_.find(identity);
        if (known == kept_.end()) {
            MULLION_ASSIGN(auto found, find_(identity));
            known = kept_.emplace(identity, std::move(found)).first;
        }
        return known->second ? &*known->second : nullptr;
    }

    // All it refers to first, then itself.
    Result<void> visit(const Entity& entity, unsigned depth) {
        const auto [state, is_new] = states_.emplace(entity.identity, State::open);
        if (!is_new) return {};
        if (depth > deepest) return at(ErrorId::secrets_invalid, "its managers depend on too many others");
        for (const auto& use : references_of(entity)) MULLION_TRY(follow(entity, use, depth));
        state->second = State::done;
        return change(entity);
    }

    Result<void> follow(const Entity& entity, const Use& use, unsigned depth) {
        auto identity = resolve(use.reference, entity.identity.scope, space_of(use.wants));
        if (!identity.ok()) return at(std::move(identity).error());
        MULLION_ASSIGN(const Entity* const found, look_up(*identity));
        if (found == nullptr)
            return at(
                ErrorId::secrets_missing,
                fmt::format("{} of {} refers to {}: there is no {}", use.field, in_words(entity.identity),
                            reference_text(use.reference), in_words(*identity)));
        if (auto kind = check_kind(entity.identity, use, found->spec); !kind.ok())
            return at(std::move(kind).error());
        const auto state = states_.find(*identity);
        if (state != states_.end() && state->second == State::open)
            return at(ErrorId::secrets_cycle, fmt::format("{} depends on {}, which depends on it",
                                                          in_words(entity.identity), in_words(*identity)));
        return visit(*found, depth + 1);
    }

    Result<void> change(const Entity& entity) {
        const auto given = wanted_.find(entity.identity);
        if (given == wanted_.end()) return {};
        Change one{Change::Kind::create, entity, given->second->line, {}};
        MULLION_ASSIGN(const auto before, find_(entity.identity));
        if (before) {
            if (before->spec.index() != entity.spec.index())
                return at(ErrorId::secrets_kind,
                          fmt::format("{} is of kind {} already; what it is never changes",
                                      in_words(entity.identity), kind_of(before->spec)));
            one.fields = changed_fields(*before, entity);
            one.kind = one.fields.empty() ? Change::Kind::unchanged : Change::Kind::update;
        }
        changes_.push_back(std::move(one));
        return {};
    }

    const std::string& file_;
    const FindEntity& find_;
    unsigned line_ = 1;  // Of the document that is being looked at.
    std::map<Identity, const WrittenEntity*> wanted_;
    std::map<Identity, std::optional<Entity>> kept_;
    std::map<Identity, State> states_;
    std::vector<Change> changes_;
};

// Each scope has one default manager at most, once the file is applied.
Result<void> check_defaults(const std::vector<WrittenEntity>& wanted, const std::string& file,
                            const FindDefault& find_default) {
    std::map<Scope, Identity> defaults;
    const auto refuse = [&](const WrittenEntity& one, const Identity& other) {
        return Error(
            ErrorId::secrets_invalid,
            fmt::format("{}:{}: {} is the default secret manager there already, and {} would be one, too",
                        file, one.line, in_words(other), in_words(one.entity.identity)));
    };
    for (const auto& one : wanted) {
        if (!is_default_manager(one.entity)) continue;
        const auto& identity = one.entity.identity;
        const auto [there, is_first] = defaults.emplace(identity.scope, identity);
        if (!is_first) return refuse(one, there->second);
        if (!find_default) continue;
        MULLION_ASSIGN(const auto kept, find_default(identity.scope));
        const bool in_file = kept && std::any_of(wanted.begin(), wanted.end(), [&](const auto& other) {
                                 return other.entity.identity == *kept;
                             });
        if (kept && !in_file) return refuse(one, *kept);
    }
    return {};
}

// Gives each secret that names no manager the one it has, or the default one.
class ManagersFilledIn {
public:
    ManagersFilledIn(std::vector<WrittenEntity>& wanted, const FindEntity& find,
                     const FindDefault& find_default)
        : wanted_(wanted), find_(find), find_default_(find_default) {}

    Result<void> all() {
        for (auto& one : wanted_) {
            if (one.names_manager) continue;
            MULLION_ASSIGN(auto manager, manager_of(one.entity.identity));
            if (auto* const text = std::get_if<TextSecret>(&one.entity.spec)) text->manager = manager;
            if (auto* const file = std::get_if<FileSecret>(&one.entity.spec)) file->manager = manager;
        }
        return {};
    }

private:
    Result<Reference> manager_of(const Identity& secret) {
        MULLION_ASSIGN(const auto kept, find_(secret));
        if (kept) {
            if (const auto* const text = std::get_if<TextSecret>(&kept->spec)) return text->manager;
            if (const auto* const file = std::get_if<FileSecret>(&kept->spec)) return file->manager;
        }
        return default_manager(secret.scope, [this](const Scope& scope) { return of_scope(scope); });
    }
    // As the file leaves it: what it has counts, and what it takes away.
    Result<std::optional<Identity>> of_scope(const Scope& scope) {
        for (const auto& one : wanted_)
            if (one.entity.identity.scope == scope && is_default_manager(one.entity))
                return std::optional(one.entity.identity);
        if (!find_default_) return std::optional<Identity>();
        MULLION_ASSIGN(auto kept, find_default_(scope));
        if (!kept) return kept;
        for (const auto& one : wanted_)
            if (one.entity.identity == *kept) return std::optional<Identity>();
        return kept;
    }

    std::vector<WrittenEntity>& wanted_;
    const FindEntity& find_;
    const FindDefault& find_default_;
};

}  // namespace

bool Change::needs_value() const {
    return kind == Kind::create && (std::holds_alternative<TextSecret>(entity.spec) ||
                                    std::holds_alternative<FileSecret>(entity.spec));
}

Result<std::vector<Change>> plan(std::vector<WrittenEntity> wanted, const std::string& file,
                                 const FindEntity& find, const FindDefault& find_default) {
    MULLION_TRY(check_defaults(wanted, file, find_default));
    MULLION_TRY(ManagersFilledIn(wanted, find, find_default).all());
    return Planner(wanted, file, find).all(wanted);
}

}  // namespace mullion::secrets
