#include "inventory/evaluate.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/nearest.h"
#include "inventory/template.h"
#include "inventory/value_text.h"

namespace mullion::inventory {
namespace {

constexpr unsigned deepest = 200;
constexpr std::size_t most_steps = 100'000;  // Values looked at: a few names can multiply.
constexpr std::size_t longest_text = 1024 * 1024;

// A value on the way along a path: of the inventory, or made for it.
struct Found {
    const Value* value = nullptr;
    std::shared_ptr<const Value> made;  // Owns it where the inventory does not.
    HostIndex host = 0;                 // Whose variables its templates name.
};

class Evaluator {
public:
    explicit Evaluator(const Inventory& inventory) : inventory_(inventory) {}

    // A vaulted text that is all of `value` stays closed.
    Result<Value> resolve(HostIndex host, const Value& value) {
        if (depth_ == deepest || ++steps_ > most_steps)
            return at(value, "variables name each other too deeply, or too many of them");
        ++depth_;
        auto result = std::visit([&](const auto& data) { return this->of(host, value, data); }, value.data);
        --depth_;
        return result;
    }
    Result<Value> open(Value value) {
        const auto* const vaulted = std::get_if<Vaulted>(&value.data);
        if (vaulted == nullptr) return value;
        secret_ = true;
        auto text = inventory_.vault().open(vaulted->armour);
        if (!text.ok()) {
            auto error = std::move(text).error();
            error.detail = fmt::format("{}: {}", inventory_.model().text_of(value.place), error.detail);
            return error;
        }
        return Value{std::string(text->expose()), value.place, true};
    }
    [[nodiscard]] bool secret() const { return secret_; }

private:
    Error at(const Value& value, std::string_view what) const {
        return {ErrorId::inventory_variable,
                fmt::format("{}: {}", inventory_.model().text_of(value.place), what)};
    }

    Error loop(const Value& from, const VariablePath& path) const {
        return at(from, fmt::format("'{{{{ {} }}}}' leads back to itself", path.text));
    }

    template <class Data>
    Result<Value> of(HostIndex, const Value& value, const Data&) {
        return value;  // Nothing to replace.
    }
    Result<Value> of(HostIndex, const Value& value, const Vaulted&) {
        secret_ = true;
        return value;
    }
    Result<Value> of(HostIndex host, const Value& value, const List& list) {
        Value result{List{}, value.place, value.literal};
        auto& items = std::get<List>(result.data);
        for (const auto& item : list) {
            MULLION_ASSIGN(auto one, resolve_open(host, item));
            items.push_back(std::move(one));
        }
        return result;
    }
    Result<Value> of(HostIndex host, const Value& value, const Map& map) {
        Value result{Map{}, value.place, value.literal};
        auto& entries = std::get<Map>(result.data);
        for (const auto& [key, item] : map) {
            MULLION_ASSIGN(auto one, resolve_open(host, item));
            entries.emplace_back(key, std::move(one));
        }
        return result;
    }
    Result<Value> of(HostIndex host, const Value& value, const std::string& text) {
        if (value.literal || !is_template(text)) return value;
        auto pieces = parse_template(text);
        if (!pieces.ok()) return at(value, pieces.error().detail);
        if (pieces->size() == 1 && std::holds_alternative<VariablePath>(pieces->front()))
            return resolve_path(host, value, std::get<VariablePath>(pieces->front()));
        std::string result;
        for (const auto& piece : *pieces) {
            if (const auto* const literal = std::get_if<std::string>(&piece)) {
                result += *literal;
            } else {
                MULLION_ASSIGN(const auto closed, resolve_path(host, value, std::get<VariablePath>(piece)));
                MULLION_ASSIGN(const auto one, open(closed));
                result += value_text(one);
            }
            if (result.size() > longest_text) return at(value, "the text becomes too long");
        }
        return Value{std::move(result), value.place, true};  // What came out is no template again.
    }

    Result<Value> resolve_open(HostIndex host, const Value& value) {
        MULLION_ASSIGN(auto one, resolve(host, value));
        return open(std::move(one));
    }

    // `from` is the value whose template names the path.
    Result<Value> resolve_path(HostIndex host, const Value& from, const VariablePath& path) {
        std::size_t next = 0;
        MULLION_ASSIGN(auto found, root(host, from, path, next));
        for (; next < path.steps.size(); ++next) MULLION_TRY(step(host, from, path, path.steps[next], found));
        const Entered entered(*this, found.value);
        if (!entered.ok()) return loop(from, path);
        return resolve(found.host, *found.value);
    }

    // The variable that a path begins with. `next` is the first step behind it.
    Result<Found> root(HostIndex host, const Value& from, const VariablePath& path, std::size_t& next) {
        if (auto magic = inventory_.magic(host, path.root)) return Found{magic.get(), magic, host};
        if (const auto* const value = inventory_.find(host, path.root)) return Found{value, nullptr, host};
        if (path.root == "hostvars") return of_other_host(host, from, path, next);
        std::string hint;
        const auto known = inventory_.variables(host);
        std::vector<std::string_view> names;
        for (const auto& variable : known) names.push_back(variable.name);
        if (const auto near = nearest(path.root, names); !near.empty())
            hint = fmt::format("; '{}' is there", near);
        return at(from,
                  fmt::format("'{{{{ {} }}}}': there is no variable '{}'{}", path.text, path.root, hint));
    }

    // hostvars[HOST][NAME], hostvars[HOST].NAME
    Result<Found> of_other_host(HostIndex host, const Value& from, const VariablePath& path,
                                std::size_t& next) {
        if (path.steps.size() < 2)
            return at(from, fmt::format("'{{{{ {} }}}}': write hostvars['HOST'].NAME", path.text));
        MULLION_ASSIGN(const auto name, key_of(host, from, path.steps[0]));
        MULLION_ASSIGN(const auto variable, key_of(host, from, path.steps[1]));
        const auto* const host_text = std::get_if<std::string>(&name);
        const auto* const variable_text = std::get_if<std::string>(&variable);
        const auto other = host_text == nullptr ? std::nullopt : inventory_.model().find_host(*host_text);
        if (!other) return at(from, fmt::format("'{{{{ {} }}}}': there is no such host", path.text));
        next = 2;
        Found found;
        found.host = *other;
        if (variable_text != nullptr) {
            found.made = inventory_.magic(*other, *variable_text);
            found.value = found.made ? found.made.get() : inventory_.find(*other, *variable_text);
        }
        if (found.value == nullptr)
            return at(from,
                      fmt::format("'{{{{ {} }}}}': the host {} has no such variable", path.text, *host_text));
        return found;
    }

    using Key = std::variant<std::string, std::int64_t>;
    Result<Key> key_of(HostIndex host, const Value& from, const VariablePath::Step& step) {
        if (const auto* const text = std::get_if<std::string>(&step.key)) return Key(*text);
        if (const auto* const number = std::get_if<std::int64_t>(&step.key)) return Key(*number);
        const auto& path = std::get<VariablePath>(step.key);
        MULLION_ASSIGN(auto closed, resolve_path(host, from, path));
        MULLION_ASSIGN(const auto value, open(std::move(closed)));
        if (const auto* const text = std::get_if<std::string>(&value.data)) return Key(*text);
        if (const auto* const number = std::get_if<std::int64_t>(&value.data)) return Key(*number);
        return at(from, fmt::format("'{{{{ {} }}}}' is {}, and no key", path.text, kind_of(value)));
    }

    // One step further down. What is a template itself is replaced first; what stands beside is not touched.
    Result<void> step(HostIndex host, const Value& from, const VariablePath& path,
                      const VariablePath::Step& step, Found& found) {
        if (std::holds_alternative<std::string>(found.value->data)) {
            const Entered entered(*this, found.value);
            if (!entered.ok()) return loop(from, path);
            MULLION_ASSIGN(auto replaced, resolve(found.host, *found.value));
            found.made = std::make_shared<const Value>(std::move(replaced));
            found.value = found.made.get();
        }
        MULLION_ASSIGN(const auto key, key_of(host, from, step));
        const auto missing = [&](std::string_view what) {
            return at(from, fmt::format("'{{{{ {} }}}}': {}", path.text, what));
        };
        if (const auto* const map = std::get_if<Map>(&found.value->data)) {
            const auto name = std::holds_alternative<std::string>(key)
                                  ? std::get<std::string>(key)
                                  : std::to_string(std::get<std::int64_t>(key));
            const auto entry =
                std::find_if(map->rbegin(), map->rend(), [&](auto& one) { return one.first == name; });
            if (entry == map->rend()) return missing(fmt::format("there is no '{}' in it", name));
            found.value = &entry->second;
            return {};
        }
        const auto* const list = std::get_if<List>(&found.value->data);
        const auto* const number = std::get_if<std::int64_t>(&key);
        if (list == nullptr || number == nullptr)
            return missing(
                fmt::format("{} has no '{}'", kind_of(*found.value),
                            number != nullptr ? std::to_string(*number) : std::get<std::string>(key)));
        const auto size = static_cast<std::int64_t>(list->size());
        const auto place = *number < 0 ? *number + size : *number;
        if (place < 0 || place >= size) return missing(fmt::format("the list has {} items", size));
        found.value = &(*list)[static_cast<std::size_t>(place)];
        return {};
    }

    // Variables that are being replaced, so that none is met again inside of itself.
    class Entered {
    public:
        Entered(Evaluator& evaluator, const Value* value) : evaluator_(evaluator) {
            auto& open = evaluator.open_;
            ok_ = std::find(open.begin(), open.end(), value) == open.end();
            open.push_back(value);
        }
        ~Entered() { evaluator_.open_.pop_back(); }
        Entered(const Entered&) = delete;
        Entered& operator=(const Entered&) = delete;
        [[nodiscard]] bool ok() const { return ok_; }

    private:
        Evaluator& evaluator_;
        bool ok_ = false;
    };

    const Inventory& inventory_;
    std::vector<const Value*> open_;
    unsigned depth_ = 0;
    std::size_t steps_ = 0;
    bool secret_ = false;
};

}  // namespace

Result<Value> evaluate(const Inventory& inventory, HostIndex host, const Value& value) {
    Evaluator evaluator(inventory);
    MULLION_ASSIGN(auto closed, evaluator.resolve(host, value));
    return evaluator.open(std::move(closed));
}

Result<Resolved> resolve(const Inventory& inventory, HostIndex host, const Value& value) {
    Evaluator evaluator(inventory);
    MULLION_ASSIGN(auto result, evaluator.resolve(host, value));
    return Resolved{std::move(result), evaluator.secret()};
}

}  // namespace mullion::inventory
