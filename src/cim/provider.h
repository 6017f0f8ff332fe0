// Who makes the instances of a class: one small interface, one file in classes/ for each class or family.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cim/instance.h"
#include "cim/machine.h"

namespace mullion::cim {

using Keys = std::vector<std::pair<std::string, std::string>>;

// What a question needs of the instances. Providers may leave out what it does not need, and never have to.
struct Question {
    Wanted wanted = {};
    // Properties that are to have these values, AND of all: what a query's WHERE surely says. Only those who
    // find by them what they cannot list look here; whoever asks compares again.
    Keys equal = {};
    // Likewise: properties of the type datetime that are not to be before these times (microseconds since
    // 1970, UTC), from a WHERE's ">=", ">" and "=". Whoever has years of events does not look at older ones.
    std::vector<std::pair<std::string, std::int64_t>> not_before = {};

    [[nodiscard]] const std::string* equal_to(std::string_view property) const;  // In any case.
    // The latest of the bounds of that property, in any case.
    [[nodiscard]] std::optional<std::int64_t> earliest(std::string_view property) const;
};

// Why there are no instances, or no more of them. Not: single values that cannot be had, which are null.
struct Fault {
    enum class Kind {
        unreadable,  // The source is not there, or not for us.
        too_many,
        needs_key,    // A class that cannot be listed; `source` is the property that has to be given.
        no_method,    // Of a call: the class has no such method; `source` is its name.
        no_instance,  // Of a call: there is no such instance (any more); `source` is what was looked for.
    };
    Kind kind = Kind::unreadable;
    std::string source;

    [[nodiscard]] std::string text() const;
};

// A call of a method. Whoever calls has compared the names and types of the arguments with the class's
// MethodDef, and `keys` are there if, and only if, the method is not static (see wrong_key()).
struct MethodCall {
    std::string_view name;
    const Keys* keys = nullptr;  // Of the instance; null: of the class.
    std::vector<std::pair<std::string, Value>> arguments = {};

    // In any case. Null where it was not given, or given as null or as an array.
    [[nodiscard]] const Scalar* argument(std::string_view wanted) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view wanted) const;
    [[nodiscard]] bool is(std::string_view method) const;  // In any case.
};

struct MethodOutcome {
    Value return_value = {};
    std::vector<std::pair<std::string, Value>> outputs = {};  // By the names of the MethodDef.
    // Instead of an answer. What Windows has a code for is no fault but the value that is returned.
    std::optional<Fault> fault = {};
};

class Sink {
public:
    virtual ~Sink() = default;
    // False: no more of them are wanted. enumerate() then ends at once, and that is no fault.
    [[nodiscard]] virtual bool put(Instance&& instance) = 0;
};

class Provider {
public:
    explicit Provider(const ClassDef& definition) : shape_(definition) {}
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;
    virtual ~Provider() = default;

    [[nodiscard]] const ClassDef& definition() const { return shape_.definition(); }
    [[nodiscard]] const Shape& shape() const { return shape_; }

    // Blocks: for worker threads. May be called by several of them at once.
    [[nodiscard]] virtual std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                                         Sink& sink) const = 0;

    struct Found {
        std::optional<Instance> instance = {};
        std::optional<Fault> fault = {};  // Neither: there is no such instance.
    };
    // By keys, all of which are there (see wrong_key()). Text is compared without case.
    // Here by looking through all; whoever can do better does.
    [[nodiscard]] virtual Found get(const Machine& machine, const Wanted& wanted, const Keys& keys) const;

    // Blocks as long as what was asked for takes, which is bounded. Here: the class has no such method.
    [[nodiscard]] virtual MethodOutcome invoke(const Machine& machine, const MethodCall& call) const;

    // The first key that the class has and `keys` do not, or that they have and the class does not.
    [[nodiscard]] std::optional<std::string> wrong_key(const Keys& keys) const;

protected:
    [[nodiscard]] Instance make() const { return Instance(shape_); }

private:
    Shape shape_;
};

}  // namespace mullion::cim
