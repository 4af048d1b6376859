// The sign-in page.

import { enhance } from "../lib/form.js";

enhance(document.getElementById("login-form"), { fields: ["login", "password"], path: "/api/login", fallback: "password" });
