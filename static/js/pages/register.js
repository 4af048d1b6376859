// The page to make an account.

import { enhance } from "../lib/form.js";

enhance(document.getElementById("register-form"), { fields: ["name", "username", "email", "password"], path: "/api/register", fallback: "form" });
