import { Badge } from "./badge.jsx";

export function Greeting({ name, loud }) {
  const text = (loud ? "HELLO " : "Hello ") + name;
  return (
    <p className="greeting">
      <b>{text}</b>
    </p>
  );
}
